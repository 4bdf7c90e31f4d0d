use sooner_shared::Timestamp;
use sooner_shared::access::{NewPassword, Recovery};

use super::*;
use crate::clock::Stepped;

const PASSWORD: &str = "Zwiebel-7-Fisch";
const MINUTE_MS: i64 = 60_000;

/// A shop's access on a clock that is stepped.
struct Shop {
    access: Keeper,
    clock: Stepped,
}

impl Shop {
    fn new() -> Self {
        let clock = Stepped::new(Timestamp(0));
        let shop = "salon".parse().expect("a name");
        let access = Keeper::open(shop, None, None, Clock::Stepped(clock.clone())).expect("opens");
        Self { access, clock }
    }

    /// With an owner, signed in at a browser of theirs.
    async fn owned() -> (Self, Recovery, Credentials) {
        let shop = Self::new();
        let code = shop.access.first_run_code();
        let (recovery, kept) =
            shop.access.make_owner(&code, PASSWORD, "Salon", None).await.expect("the first");
        (shop, recovery, cookies(kept))
    }

    fn who(&self, credentials: &Credentials) -> Who {
        self.access.look(credentials)
    }

    fn device(&self, credentials: &Credentials) -> Option<DeviceId> {
        self.who(credentials).device.map(|(id, _)| id)
    }

    /// A tablet, paired by the owner.
    async fn tablet(&self) -> Credentials {
        let asked = self.access.begin_pairing(DeviceKind::Tablet).expect("a screen may ask");
        let by = Maker::Owner;
        self.access.confirm_pairing(&asked.code, DeviceKind::Tablet, "Desk", by).expect("waits");
        let claimed = self.access.claim_pairing(&asked.secret).await.expect("confirmed");
        let (_, token) = claimed.expect("a token");
        Credentials { device: Some(token), ..Credentials::default() }
    }
}

fn cookies(kept: Kept) -> Credentials {
    Credentials { device: kept.device, login: Some(kept.login), ..Credentials::default() }
}

fn code<T: std::fmt::Debug>(answer: Result<T, Problem>) -> ProblemCode {
    answer.expect_err("is refused").code
}

#[tokio::test]
async fn the_first_run_makes_one_owner_with_the_code_that_was_printed() {
    let shop = Shop::new();
    let before = shop.access.first_run_code();
    let printed = shop.access.first_run_code();
    let make = |code: String, password: &'static str| {
        let access = &shop.access;
        async move { access.make_owner(&code, password, "Salon", None).await }
    };
    assert_eq!(code(make(before, PASSWORD).await), ProblemCode::WrongPassword);
    assert_eq!(code(make(printed.clone(), "short").await), ProblemCode::WeakPassword);
    let (_, kept) = make(printed.to_lowercase(), PASSWORD).await.expect("the first");
    assert!(shop.who(&cookies(kept)).is_owner);
    assert_eq!(code(make(printed, PASSWORD).await), ProblemCode::HasOwner);
}

#[tokio::test]
async fn signing_in_gives_a_new_token_and_signing_out_ends_it() {
    let (shop, _, first) = Shop::owned().await;
    let device = shop.device(&first);
    assert_eq!(code(shop.access.log_in("wrong", device).await), ProblemCode::WrongPassword);
    let again = shop.access.log_in(PASSWORD, device).await.expect("is right");
    assert_eq!(again.device, None, "the browser is known");
    let second = Credentials { login: Some(again.login), ..first.clone() };
    assert!(shop.who(&second).is_owner && !shop.who(&first).is_owner);
    shop.access.log_out(device.expect("known")).await.expect("signs out");
    assert!(!shop.who(&second).is_owner);
}

#[tokio::test]
async fn of_a_thousand_passwords_from_elsewhere_at_most_ten_are_tried_and_the_owner_gets_in() {
    let (shop, _, owners) = Shop::owned().await;
    let known = shop.device(&owners);
    let mut tried = 0;
    for n in 0..1_000_i64 {
        shop.clock.set(Timestamp(n * 900));
        match code(shop.access.log_in(&format!("guess number {n}"), None).await) {
            ProblemCode::WrongPassword => tried += 1,
            ProblemCode::TooManyTries => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((1..=10).contains(&tried), "{tried} were tried in 15 minutes");
    println!("R23: of 1000 passwords from elsewhere in 15 minutes {tried} were tried");
    // Even the right one, where the owner is not known; but not where they are.
    assert_eq!(code(shop.access.log_in(PASSWORD, None).await), ProblemCode::TooManyTries);
    shop.access.log_in(PASSWORD, known).await.expect("the owner's own browser");
}

#[tokio::test]
async fn of_a_thousand_pins_at_a_tablet_at_most_ten_are_tried() {
    let (shop, ..) = Shop::owned().await;
    let tablet = shop.tablet().await;
    let device = shop.device(&tablet).expect("paired");
    shop.access.set_pin(StaffId(1), Some("2580"), Maker::Owner).await.expect("a PIN");
    let mut tried = 0;
    for n in 0..1_000_i64 {
        shop.clock.set(Timestamp(n * 900));
        match code(shop.access.begin_shift(device, StaffId(1), &format!("{:04}", 3_000 + n)).await)
        {
            ProblemCode::WrongPassword => tried += 1,
            ProblemCode::TooManyTries => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((1..=10).contains(&tried), "{tried} were tried in 15 minutes");
    println!("R23: of 1000 PINs at one tablet in 15 minutes {tried} were tried");
    // A colleague at the same tablet is not held up, nor the same person at another one.
    shop.access.set_pin(StaffId(2), Some("1379"), Maker::Owner).await.expect("a PIN");
    shop.access.begin_shift(device, StaffId(2), "1379").await.expect("is right");
    let other = shop.tablet().await;
    let device = shop.device(&other).expect("paired");
    shop.access.begin_shift(device, StaffId(1), "2580").await.expect("is right");
}

#[tokio::test]
async fn a_person_without_a_pin_cannot_sign_in_by_any() {
    let (shop, ..) = Shop::owned().await;
    let tablet = shop.tablet().await;
    let device = shop.device(&tablet).expect("paired");
    let answer = shop.access.begin_shift(device, StaffId(1), "nobody").await;
    assert_eq!(code(answer), ProblemCode::WrongPassword);
}

#[tokio::test]
async fn the_recovery_code_makes_one_new_password_and_signs_everybody_else_out() {
    let (shop, recovery, owners) = Shop::owned().await;
    let wanted = |code: &str, password: &str| NewPassword::Recover {
        recovery_code: code.to_owned(),
        password: password.to_owned(),
    };
    let set = |wanted: NewPassword| {
        let access = &shop.access;
        async move { access.set_password(&wanted, "Salon", None).await }
    };
    let wrong = set(wanted("AAAAA-BBBBB", "another password 1")).await;
    assert_eq!(code(wrong), ProblemCode::WrongPassword);
    let good = wanted(&recovery.recovery_code, "another password 1");
    let (next, kept) = set(good.clone()).await.expect("the printed code");
    assert!(shop.who(&cookies(kept)).is_owner && !shop.who(&owners).is_owner);
    assert_eq!(code(set(good).await), ProblemCode::WrongPassword, "once");
    assert_ne!(next.recovery_code, recovery.recovery_code);
    let device = shop.device(&owners);
    assert_eq!(code(shop.access.log_in(PASSWORD, device).await), ProblemCode::WrongPassword);
    let change = NewPassword::Change {
        before: "another password 1".into(),
        password: "and another one 2".into(),
    };
    shop.access.set_password(&change, "Salon", device).await.expect("the one before is right");
}

#[tokio::test]
async fn an_owner_who_has_lost_everything_begins_anew_at_the_command_line() {
    let (shop, recovery, owners) = Shop::owned().await;
    shop.access.reset_owner().await.expect("is written");
    assert!(!shop.who(&owners).is_owner && !shop.access.has_owner());
    let lost = NewPassword::Recover {
        recovery_code: recovery.recovery_code,
        password: "another password 1".into(),
    };
    assert_eq!(
        code(shop.access.set_password(&lost, "Salon", None).await),
        ProblemCode::WrongPassword
    );
    let printed = shop.access.first_run_code();
    shop.access.make_owner(&printed, PASSWORD, "Salon", None).await.expect("anew");
}

#[tokio::test]
async fn whoever_follows_hears_that_a_tablet_was_revoked() {
    let (shop, ..) = Shop::owned().await;
    let tablet = shop.tablet().await;
    assert_eq!(shop.who(&tablet).may_desk(), Ok(()));
    let mut changes = shop.access.changes();
    changes.borrow_and_update();
    let device = shop.device(&tablet).expect("paired");
    shop.access.revoke_device(device, Maker::Owner).await.expect("is known");
    assert!(changes.has_changed().expect("the shop is there"));
    assert_eq!(code(shop.who(&tablet).may_desk()), ProblemCode::NotPaired);
}

#[tokio::test]
async fn when_a_screen_was_seen_is_noted_now_and_then() {
    let (shop, ..) = Shop::owned().await;
    let tablet = shop.tablet().await;
    let address = IpAddr::from([192, 0, 2, 1]);
    let seen_at = async || {
        let view = shop.access.view(None, String::new()).await.expect("a view");
        let tablets = view.devices.iter().find(|d| d.kind == DeviceKind::Tablet);
        tablets.expect("a tablet").seen_at
    };
    shop.clock.set(Timestamp(MINUTE_MS));
    shop.access.who(&tablet, address).await;
    assert_eq!(seen_at().await, Timestamp(0), "not every minute");
    shop.clock.set(Timestamp(30 * MINUTE_MS));
    shop.access.who(&tablet, address).await;
    assert_eq!(seen_at().await, Timestamp(30 * MINUTE_MS));
    assert_eq!(shop.access.asker(address), Asker::OwnNetwork(address));
    let elsewhere = IpAddr::from([198, 51, 100, 1]);
    assert_eq!(shop.access.asker(elsewhere), Asker::Address(elsewhere));
}

#[tokio::test]
async fn a_thousand_tokens_that_were_guessed_open_nothing() {
    let (shop, ..) = Shop::owned().await;
    shop.tablet().await;
    for _ in 0..1_000 {
        let guess = || Some(secret::token().0);
        let credentials =
            Credentials { device: guess(), login: guess(), shift: guess(), key: guess() };
        let nobody = Who { has_wrong_key: true, ..Who::default() };
        assert_eq!(shop.who(&credentials), nobody);
    }
}
