//! What a phone says of the line.

use sooner_engine::view;
use sooner_shared::VisitId;

use crate::support::{ANNA, BEN, CLEO, CUT, Driver, NAILS, Names, join};

fn ahead(salon: &Driver, visit: VisitId) -> Option<u32> {
    view::visit(&salon.shop, "salon", &salon.forecast(), &Names, visit, salon.now())
        .and_then(|phone| phone.ahead)
}

#[test]
fn ahead_are_those_whom_the_same_people_serve() {
    let mut salon = Driver::staffed(&[ANNA, BEN, CLEO]);
    let line = [
        (CUT, None, 0),
        (CUT, Some(BEN), 1),
        (CUT, Some(ANNA), 1),
        (NAILS, None, 0),
        (CUT, None, 3),
        (NAILS, Some(CLEO), 1),
    ];
    for (service, requested, expected) in line {
        let visit = salon.joins_with(join(service, requested));
        assert_eq!(ahead(&salon, visit), Some(expected), "visit {visit}");
    }
    salon.next(ANNA);
    assert_eq!(ahead(&salon, VisitId(1)), None, "called");
    assert_eq!(ahead(&salon, VisitId(5)), Some(2));
}

#[test]
fn a_wall_shows_no_time_that_has_passed() {
    let mut salon = Driver::staffed(&[ANNA]);
    let (called, waiting) = (salon.joins(CUT), salon.joins(CUT));
    salon.next(ANNA);
    let shown = |salon: &Driver, visit| {
        let board = view::lobby(&salon.shop, &salon.forecast(), &Names, salon.now());
        board.cards[&visit].by
    };
    assert_eq!(shown(&salon, called), Some(salon.by(called)));
    assert_eq!(shown(&salon, waiting), Some(salon.by(waiting)));
    salon.clock = salon.by(waiting) + 1;
    salon.timer();
    assert_eq!(shown(&salon, called), None);
    assert_eq!(shown(&salon, waiting), None);
}

#[test]
fn the_wall_is_in_the_order_of_starting_and_the_desk_in_that_of_the_line() {
    let mut salon = Driver::staffed(&[ANNA, BEN]);
    let with_anna: Vec<_> = (0..3).map(|_| salon.joins_with(join(CUT, Some(ANNA)))).collect();
    let anybody = salon.joins(CUT);
    let forecast = salon.forecast();
    let lobby = view::lobby(&salon.shop, &forecast, &Names, salon.now());
    let desk = view::desk(&salon.shop, &forecast, &Names, salon.now());
    // Ben has nobody else to call: whoever takes anybody starts before those who wait for Anna.
    let place = |order: &[VisitId], visit| order.iter().position(|&v| v == visit);
    assert!(place(&lobby.order, anybody) < place(&lobby.order, with_anna[1]));
    assert_eq!(desk.order, [&with_anna[..], &[anybody]].concat());
}

#[test]
fn a_visit_that_is_over_stands_on_no_board_and_on_its_phone() {
    let mut salon = Driver::staffed(&[ANNA]);
    let tom = salon.joins(CUT);
    salon.leaves(tom);
    let forecast = salon.forecast();
    let lobby = view::lobby(&salon.shop, &forecast, &Names, salon.now());
    assert!(lobby.cards.is_empty() && lobby.order.is_empty());
    assert!(
        view::visit(&salon.shop, "salon", &salon.forecast(), &Names, tom, salon.now()).is_some()
    );
    assert!(
        view::visit(&salon.shop, "salon", &salon.forecast(), &Names, VisitId(7), salon.now())
            .is_none()
    );
}
