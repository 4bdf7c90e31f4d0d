//! What a set-up may say, and that the log brings all of it back.

use sooner_engine::config::ConfigFault;
use sooner_engine::{Recorded, ShopConfig, Taught};
use sooner_shared::{ServiceId, StaffId};

use crate::support::{ANNA, CUT, Driver, config};

/// What to spoil, and the field that is named then.
type Row = (&'static str, fn(&mut ShopConfig));

const OUT_OF_RANGE: &[Row] = &[
    ("step_ms", |config| config.step_ms = 0),
    ("keep_permille", |config| config.keep_permille = 1_000),
    ("hold_ms", |config| config.hold_ms = -1),
    ("turnaround_ms", |config| config.turnaround_ms = i64::MAX),
    ("paths", |config| config.paths = 0),
    ("services", |config| config.services.clear()),
    ("staff", |config| config.staff.clear()),
    ("nominal_ms", |config| config.services[1].nominal_ms = 0),
    ("taught", |config| teach(config, f64::NAN, 1.0)),
    ("taught", |config| teach(config, 14.0, -1.0)),
    ("taught", |config| teach(config, f64::INFINITY, 1.0)),
];

fn teach(config: &mut ShopConfig, mean_ln: f64, ss_ln: f64) {
    config.services[0].taught = Some(Taught { count: 50, mean_ln, ss_ln });
}

#[test]
fn a_set_up_says_what_is_wrong_with_it() {
    assert_eq!(config().check(), Ok(()));
    for (named, spoil) in OUT_OF_RANGE {
        let mut config = config();
        spoil(&mut config);
        match config.check() {
            Err(ConfigFault::OutOfRange { field, .. }) => assert_eq!(field, *named),
            other => panic!("{named}: {other:?}"),
        }
    }

    let mut elsewhere = config();
    elsewhere.zone = "Europe/Atlantis".into();
    let unknown = ConfigFault::UnknownZone("Europe/Atlantis".into());
    assert_eq!(elsewhere.check(), Err(unknown));

    let mut twice = config();
    twice.staff[1].id = ANNA;
    let fault = ConfigFault::Twice("staff 1".into());
    assert_eq!(twice.check(), Err(fault));

    let mut stranger = config();
    stranger.staff[0].services.insert(ServiceId(9));
    assert_eq!(
        stranger.check(),
        Err(ConfigFault::UnknownService { staff: StaffId(1), service: ServiceId(9) })
    );
}

#[test]
#[expect(clippy::float_cmp, reason = "the same bits must come back")]
fn what_earlier_days_taught_comes_back_from_the_log_to_the_last_bit() {
    for n in 1..=2_000 {
        let (mean_ln, ss_ln) = (14.0 + libm::log(f64::from(n)) / 7.0, f64::from(n) / 3.0);
        let salon = Driver::open_with(|config| teach(config, mean_ln, ss_ln));
        let text = serde_json::to_string(&salon.log).expect("events can be written");
        let read: Vec<Recorded> = serde_json::from_str(&text).expect("events can be read");
        assert_eq!(read, salon.log, "{mean_ln} {ss_ln}");
        assert_eq!(salon.shop.learned[&CUT][0].mean_ln, mean_ln);
    }
}
