//! What the stories in `tests/` are told with: a server in this process whose clock is stepped,
//! the real program as a process of its own, clients for HTTP and the socket, and a browser.
//!
//! Everything takes free ports and temporary folders of its own. Nothing sleeps: who must wait
//! waits for a condition, and gives up only after [`patience::LIMIT`], which no sound run reaches.

pub mod app;
pub mod axe;
pub mod browser;
pub mod directory;
pub mod fuzz;
pub mod gallery;
pub mod guesses;
pub mod http;
pub mod past;
pub mod patience;
pub mod program;

pub mod salon;
pub mod screen;
pub mod tls;
pub mod visitor;
