//! The owner's page: the first run, signing in, and who may do what. On a phone or at a computer,
//! rarely, often in a hurry because something is in the way.

mod doors;
mod home;
mod pins;
mod programs;
mod reach;
mod screens;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sooner_link::device;
use sooner_shared::access::{FirstRun, Me, NewPassword, Recovery, SignIn};
use sooner_shared::set_up::SetUpForm;
use sooner_shared::words::Text;
use sooner_shared::{ShopId, Timestamp};

use crate::api::{self, Failure};
use crate::components::bare::{BarePage, Form, NewPasswordField, SecretField, TextField, Trouble};
use crate::components::button::TapButton;
use crate::i18n::{I18n, same_language};
use home::{Home, HomeProps};

/// How far the owner has come.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// Asking the server.
    Asking,
    /// There is no owner yet.
    First,
    /// The owner is not signed in here.
    SignIn,
    /// A new password by the printed code.
    Recover,
    /// The recovery code, shown once.
    Print(Recovery),
    /// Everything else.
    Home(Me),
    /// Not to be had.
    Failed(Failure),
}

impl Step {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::First => "first",
            Self::SignIn => "sign-in",
            Self::Recover => "recover",
            Self::Print(_) => "print",
            Self::Home(_) => "home",
            Self::Failed(_) => "failed",
        }
    }
}

/// What the parts of the page share. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Owner {
    shop: StoredValue<ShopId>,
    step: RwSignal<Step>,
    failure: RwSignal<Option<Failure>>,
}

impl Owner {
    fn shop(self) -> ShopId {
        self.shop.get_value()
    }

    /// Asks what this browser is.
    fn look(self) {
        let i18n = I18n::get();
        spawn_local(async move {
            let me = api::get::<Me>(&self.shop(), "me").await;
            self.failure.set(None);
            self.step.set(match me {
                Ok(me) => {
                    i18n.use_zone(&me.zone);
                    i18n.follow_now(Timestamp(device::local_ms()));
                    match (me.is_owner, me.has_owner) {
                        (true, _) => Step::Home(me),
                        (false, true) => Step::SignIn,
                        (false, false) => Step::First,
                    }
                }
                Err(failure) => Step::Failed(failure),
            });
        });
    }

    /// To the set-up of a shop that nobody has set up yet, else to what is here.
    fn go_on(self) {
        spawn_local(async move {
            let shop = self.shop();
            match api::get::<SetUpForm>(&shop, "set-up").await {
                Ok(form) if form.fresh => device::go_to(&same_language(&format!("/{shop}/set-up"))),
                _ => device::reload(),
            }
        });
    }

    /// Takes an answer that may carry a code to print.
    fn take(self, answer: Result<Option<Recovery>, Failure>) {
        match answer {
            Ok(Some(recovery)) => {
                self.failure.set(None);
                self.step.set(Step::Print(recovery));
            }
            // Another document: the browser offers to remember the password.
            Ok(None) => device::reload(),
            Err(failure) => self.failure.set(Some(failure)),
        }
    }
}

/// The whole page.
#[component]
pub(crate) fn OwnerPage(
    /// Whose.
    shop: ShopId,
) -> impl IntoView {
    let i18n = I18n::get();
    let owner = Owner {
        shop: StoredValue::new(shop),
        step: RwSignal::new(Step::Asking),
        failure: RwSignal::new(None),
    };
    owner.look();
    let state = Signal::derive(move || owner.step.with(Step::as_str));
    let name = Signal::derive(move || match owner.step.get() {
        Step::Home(me) => me.shop_name,
        _ => i18n.say(Text::OwnerTitle),
    });
    view! {
        <BarePage page="owner" state name>
            {move || match owner.step.get() {
                Step::Asking => ().into_any(),
                Step::First => view! { <First owner /> }.into_any(),
                Step::SignIn => view! { <Password owner /> }.into_any(),
                Step::Recover => view! { <Recover owner /> }.into_any(),
                Step::Print(recovery) => {
                    view! { <PrintCode owner code=recovery.recovery_code /> }.into_any()
                }
                Step::Home(me) => Home(HomeProps { owner, me }).into_any(),
                Step::Failed(failure) => {
                    view! { <Trouble failure=Signal::stored(Some(failure)) /> }.into_any()
                }
            }}
        </BarePage>
    }
}

#[component]
fn First(owner: Owner) -> impl IntoView {
    let i18n = I18n::get();
    let code = RwSignal::new(device::fragment("code").unwrap_or_default());
    let password = RwSignal::new(String::new());
    let has_link = code.with_untracked(|code| !code.is_empty());
    device::hide_fragment();
    let submit = move || {
        let asked = FirstRun { code: code.get_untracked(), password: password.get_untracked() };
        spawn_local(async move {
            owner.take(api::send(&owner.shop(), "owner", &asked).await.map(Some));
        });
    };
    view! {
        <Form testid="begin" label=Text::OwnerBegin failure=owner.failure on_submit=submit>
            <h2>{move || i18n.say(Text::OwnerFirst)}</h2>
            <Show when=move || !has_link>
                <TextField testid="first-code" label=Text::OwnerCode value=code />
            </Show>
            <NewPasswordField testid="password" label=Text::Password value=password />
        </Form>
        <doors::PlainNote />
    }
}

#[component]
fn Password(owner: Owner) -> impl IntoView {
    let i18n = I18n::get();
    let password = RwSignal::new(String::new());
    let submit = move || {
        let asked = SignIn { password: password.get_untracked() };
        spawn_local(async move {
            let answer = api::send::<serde_json::Value>(&owner.shop(), "login", &asked).await;
            owner.take(answer.map(|_| None));
        });
    };
    let forgot = move || {
        owner.failure.set(None);
        owner.step.set(Step::Recover);
    };
    view! {
        <div class="stack">
            <Form testid="sign-in" label=Text::SignIn failure=owner.failure on_submit=submit>
                <SecretField
                    testid="password"
                    label=Text::Password
                    autocomplete="current-password"
                    value=password
                />
            </Form>
            <TapButton
                testid="forgot"
                label=Signal::derive(move || i18n.say(Text::PasswordForgot))
                look="quiet"
                on_tap=forgot
            />
        </div>
    }
}

#[component]
fn Recover(owner: Owner) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let submit = move || {
        let asked = NewPassword::Recover {
            recovery_code: code.get_untracked(),
            password: password.get_untracked(),
        };
        spawn_local(async move {
            owner.take(api::send(&owner.shop(), "password", &asked).await.map(Some));
        });
    };
    view! {
        <Form testid="recover" label=Text::SignIn failure=owner.failure on_submit=submit>
            <TextField testid="recovery" label=Text::RecoveryCode value=code />
            <NewPasswordField testid="password" label=Text::PasswordNew value=password />
        </Form>
    }
}

/// The one time the code is shown.
#[component]
fn PrintCode(owner: Owner, code: String) -> impl IntoView {
    let i18n = I18n::get();
    view! {
        <section class="stack">
            <h2>{move || i18n.say(Text::RecoveryCode)}</h2>
            <p class="printed-code" data-testid="recovery-code">{code}</p>
            <p>{move || i18n.say(Text::RecoveryKeep)}</p>
            <div class="buttons">
                <TapButton
                    testid="print"
                    label=Signal::derive(move || i18n.say(Text::Print))
                    look="plain"
                    on_tap=device::print
                />
                <TapButton
                    testid="kept"
                    label=Signal::derive(move || i18n.say(Text::RecoveryKept))
                    look="main"
                    on_tap=move || owner.go_on()
                />
            </div>
        </section>
    }
}
