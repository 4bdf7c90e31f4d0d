//! Who does what: nobody is left to somebody who cannot, and no step is lost on the way.

use sooner_shared::command::{Booking, Join};
use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{Outcome, PromiseKind, Stage};
use sooner_shared::{Command, VisitId};

use crate::support::{
    ANNA, BEN, CALL, CLEO, COLOUR, CUT, Driver, NAILS, REPAIR, join, nine, whole_shop,
};

fn shop() -> Driver {
    let mut salon = Driver::open_with(whole_shop);
    salon.on_duty(&[ANNA, BEN, CLEO]);
    salon
}

#[test]
fn what_the_requested_person_does_not_do_somebody_else_does() {
    let mut salon = shop();
    let visit = salon.joins_with(Join { more: vec![NAILS], ..join(CUT, Some(BEN)) });
    salon.start(visit, BEN);
    salon.finish(visit);
    assert_eq!(salon.stage(visit), Stage::Waiting, "for the nails");
    assert_eq!(salon.next(CLEO), Some(visit));
}

#[test]
fn who_changes_to_a_call_back_has_an_owner_and_who_changes_from_one_has_none() {
    let mut salon = shop();
    let visit = salon.joins(CUT);
    salon.does(&Command::ChangeServices { visit, services: vec![CALL] });
    assert_eq!(salon.shop.visits[&visit].owner, Some(ANNA));
    assert_eq!(salon.promise(visit).map(|p| p.kind), Some(PromiseKind::CallBack));
    salon.does(&Command::ChangeServices { visit, services: vec![CUT] });
    assert_eq!(salon.shop.visits[&visit].owner, None);
    assert_eq!(salon.next(BEN), Some(visit));
}

#[test]
fn who_is_handed_over_in_the_chair_still_gets_what_the_colleague_does_not_do() {
    let mut salon = shop();
    let visit = salon.joins_with(Join { more: vec![COLOUR], ..join(CUT, None) });
    salon.start(visit, ANNA);
    salon.does(&Command::HandOver { visit, to: BEN });
    salon.does(&Command::AcceptHandOver { visit });
    salon.finish(visit);
    assert_eq!(salon.stage(visit), Stage::Waiting, "for the colour");
    assert_eq!(salon.shop.visits[&visit].done, 1);
}

#[test]
fn what_is_added_to_work_on_the_bench_is_not_done_with_it() {
    let mut salon = shop();
    let visit = salon.joins(REPAIR);
    salon.start(visit, BEN);
    salon.finish(visit);
    salon.start(visit, BEN);
    salon.does(&Command::AddOn { visit, service: CUT });
    assert_eq!(salon.shop.visits[&visit].sitting, 1);
}

#[test]
fn an_appointment_that_is_handed_over_keeps_the_time_of_the_colleague() {
    let mut salon = shop();
    let visit = salon.shop.next_visit;
    let booking = Booking {
        service: CUT,
        more: Vec::new(),
        requested: None,
        at: nine(60),
        name: None,
        contact: None,
    };
    salon.does(&Command::Book(booking));
    let held = |salon: &Driver| salon.shop.visits[&visit].appointment.map(|a| a.held);
    assert_eq!(held(&salon), Some(ANNA));
    salon.does(&Command::HandOver { visit, to: BEN });
    assert_eq!(held(&salon), Some(ANNA), "until he accepts");
    salon.does(&Command::AcceptHandOver { visit });
    assert_eq!(held(&salon), Some(BEN));
    assert_eq!(salon.at(60).next(BEN), Some(visit));
}

#[test]
fn who_was_called_in_time_and_says_later_that_they_run_late_was_not_failed() {
    for wish in
        [|visit| Command::RunLate { visit, ms: 10 * MINUTE_MS }, |visit| Command::LetPass { visit }]
            as [fn(VisitId) -> Command; 2]
    {
        let mut salon = shop();
        let visit = salon.joins(CUT);
        assert_eq!(salon.by(visit), nine(5));
        salon.at(4).call(visit, ANNA);
        salon.at(9).does(&wish(visit));
        let first = |salon: &Driver| salon.shop.visits[&visit].promises[0].shown_outcome();
        assert_eq!(first(&salon), Some(Outcome::Released));
        assert!(salon.by(visit) > nine(9), "and has a new time");
        salon.at(11);
        assert_eq!(first(&salon), Some(Outcome::Released));
    }
}
