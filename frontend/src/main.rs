//! The pages of Sooner but the phone's: lobby, desk, join, the owner's in one program, of which the
//! address says which is wanted; going to another page loads a document.
//!
//! What a screen thinks lies in `sooner_shared::screen`, the texts in `sooner_shared::words`.
//! Here are the elements.

#![expect(unreachable_pub, reason = "`#[component]` writes functions out as `pub`")]

mod api;
mod awake;
mod components;
mod i18n;
mod live;
mod object;
mod pages;
mod route;
mod sound;

use leptos::prelude::*;
use sooner_link::device;

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
            Route::SetUp(shop) => {
                pages::set_up::SetUpPage(pages::set_up::SetUpPageProps { shop }).into_any()
            }
            Route::Print(shop, sheet) => {
                pages::print::PrintPage(pages::print::PrintPageProps { shop, sheet }).into_any()
            }
            // Their documents are the server's.
            Route::Phone(_) | Route::Nowhere => pages::nowhere::Nowhere().into_any(),
        }
    });
}
