//! What replay and demo drive the real server with: requests as phones send them, screens over
//! sockets, a pace, and a bar for who waits.
//!
//! Deliberately absent: any way around the public interface but the question whether the shop is at
//! rest, which a driver with a stepped clock has to ask.

mod http;
mod pace;
mod progress;
mod screen;

pub use http::HttpError;
pub use pace::Speed;
pub use screen::ScreenError;

pub(crate) use http::Http;
pub(crate) use pace::Pace;
pub use progress::Progress;
pub(crate) use screen::Screen;
