//! The pages of Sooner: lobby, desk, join, phone, the owner's. One program for all; the address says
//! which one is wanted, and going to another page loads a document.
//!
//! What a screen thinks lies in `sooner_shared::screen`, the texts in `sooner_shared::words`.
//! Here are the socket, the elements and the device.

#![expect(unreachable_pub, reason = "`#[component]` writes functions out as `pub`")]

mod api;
mod clock;
mod components;
mod device;
mod i18n;
mod live;
mod pages;
mod route;

use leptos::prelude::*;

use i18n::I18n;
use route::Route;

fn main() {
    device::report_panics();
    leptos::mount::mount_to_body(|| {
        I18n::provide();
        match Route::of(&device::path()) {
            Route::Lobby(shop) => pages::lobby::Lobby(pages::lobby::LobbyProps { shop }).into_any(),
            Route::Desk(shop) => pages::desk::Desk(pages::desk::DeskProps { shop }).into_any(),
            Route::Join(shop) => {
                pages::join::JoinPage(pages::join::JoinPageProps { shop }).into_any()
            }
            Route::Owner(shop) => {
                pages::owner::OwnerPage(pages::owner::OwnerPageProps { shop }).into_any()
            }
            Route::Pair(shop) => {
                pages::pair::PairPage(pages::pair::PairPageProps { shop }).into_any()
            }
            Route::Reach(shop) => {
                pages::reach::ReachPage(pages::reach::ReachPageProps { shop }).into_any()
            }
            Route::Report(shop) => {
                pages::report::ReportPage(pages::report::ReportPageProps { shop }).into_any()
            }
            Route::Phone(link) => pages::phone::Phone(pages::phone::PhoneProps { link }).into_any(),
            Route::Nowhere => pages::nowhere::Nowhere().into_any(),
        }
    });
}
