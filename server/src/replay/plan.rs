//! What happens on a recorded day, in order, and in whose chair.
//!
//! The plan is made before anything is played: it depends on the record alone, never on the
//! server's answers.

use std::collections::{BTreeMap, BTreeSet};

use sooner_shared::{StaffId, Timestamp};

use super::record::{Fate, Row};

/// One thing somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Act {
    pub(super) at: Timestamp,
    pub(super) what: What,
}

/// What somebody does. Rows are named by their place in the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Finish { row: usize },
    GoOffDuty { staff: StaffId },
    Leave { row: usize },
    GoOnDuty { staff: StaffId },
    Join { row: usize },
    Start { row: usize, staff: StaffId, is_spare: bool },
}

/// A day's acts and the people they need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) acts: Vec<Act>,
    /// Those the record names, by name.
    pub(super) staff: BTreeMap<String, StaffId>,
    /// Chairs for services without a name, or with that of somebody who is busy.
    pub(super) spares: Vec<StaffId>,
    /// Rows that sit in one of those.
    pub(super) spare_rows: usize,
}

/// What comes first at equal times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Finish,
    GoOffDuty,
    Leave,
    GoOnDuty,
    Join,
    /// Who leaves in the moment they join does so after joining.
    LeaveAtOnce,
    /// A service of no length starts and finishes before others start, so that it is in nobody's
    /// way.
    StartAndFinish,
    Start,
    /// Whose last service is one of no length goes after it.
    GoOffDutyAtOnce,
}

/// From when to when somebody is on duty.
struct Duty {
    from: Timestamp,
    until: Timestamp,
    starts: BTreeSet<Timestamp>,
}

impl Plan {
    pub(super) fn new(rows: &[Row]) -> Self {
        let duties = duties(rows);
        let staff: BTreeMap<String, StaffId> =
            duties.keys().zip(1..).map(|(name, id)| ((*name).to_owned(), StaffId(id))).collect();
        let mut acts = Vec::new();
        for (row, recorded) in rows.iter().enumerate() {
            acts.push((recorded.arrival, Phase::Join, row, What::Join { row }));
            match recorded.fate {
                Fate::Left { at } => {
                    let at_once = at == recorded.arrival;
                    let phase = if at_once { Phase::LeaveAtOnce } else { Phase::Leave };
                    acts.push((at, phase, row, What::Leave { row }));
                }
                Fate::Served { start, end, .. } => {
                    let at_once = start == end;
                    let [starts, ends] = if at_once {
                        [Phase::StartAndFinish; 2]
                    } else {
                        [Phase::Start, Phase::Finish]
                    };
                    // In whose chair is settled below, where it is known who is busy.
                    let what = What::Start { row, staff: StaffId(0), is_spare: true };
                    acts.push((start, starts, row, what));
                    acts.push((end, ends, row, What::Finish { row }));
                }
            }
        }
        for (name, duty) in &duties {
            let staff = staff[*name];
            let place = usize::from(staff.0);
            acts.push((duty.from, Phase::GoOnDuty, place, What::GoOnDuty { staff }));
            let at_once = duty.starts.contains(&duty.until);
            let phase = if at_once { Phase::GoOffDutyAtOnce } else { Phase::GoOffDuty };
            acts.push((duty.until, phase, place, What::GoOffDuty { staff }));
        }
        // Stable: what starts and finishes at once stays in that order.
        acts.sort_by_key(|&(at, phase, place, _)| (at, phase, place));
        let mut plan = Self {
            acts: acts.into_iter().map(|(at, _, _, what)| Act { at, what }).collect(),
            staff,
            spares: Vec::new(),
            spare_rows: 0,
        };
        plan.seat(rows);
        plan
    }

    /// Finds a chair for every service.
    fn seat(&mut self, rows: &[Row]) {
        let named = self.staff.len() as u16;
        let mut taken: BTreeMap<StaffId, usize> = BTreeMap::new();
        for act in &mut self.acts {
            match &mut act.what {
                What::Start { row, staff, is_spare } => {
                    let own = match &rows[*row].fate {
                        Fate::Served { server: Some(name), .. } => self.staff.get(name).copied(),
                        _ => None,
                    };
                    let own = own.filter(|id| !taken.contains_key(id));
                    *is_spare = own.is_none();
                    *staff = own.unwrap_or_else(|| {
                        self.spare_rows += 1;
                        let free = self.spares.iter().find(|id| !taken.contains_key(id));
                        free.copied().unwrap_or_else(|| {
                            let id = StaffId(named + self.spares.len() as u16 + 1);
                            self.spares.push(id);
                            id
                        })
                    });
                    taken.insert(*staff, *row);
                }
                What::Finish { row } => taken.retain(|_, sitting| sitting != row),
                _ => {}
            }
        }
    }
}

/// Everybody is on duty from their first start of the day to their last end.
fn duties(rows: &[Row]) -> BTreeMap<&str, Duty> {
    let mut duties: BTreeMap<&str, Duty> = BTreeMap::new();
    for row in rows {
        if let Fate::Served { server: Some(name), start, end } = &row.fate {
            let duty = duties.entry(name).or_insert_with(|| Duty {
                from: *start,
                until: *end,
                starts: BTreeSet::new(),
            });
            duty.from = duty.from.min(*start);
            duty.until = duty.until.max(*end);
            duty.starts.insert(*start);
        }
    }
    duties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(server: &str, arrival: i64, start: i64, end: i64) -> Row {
        Row {
            line: 2,
            arrival: Timestamp(arrival),
            queue: String::new(),
            service: "cut".into(),
            priority: 0,
            fate: Fate::Served {
                server: Some(server.to_owned()).filter(|s| !s.is_empty()),
                start: Timestamp(start),
                end: Timestamp(end),
            },
        }
    }

    fn left(arrival: i64, at: i64) -> Row {
        Row {
            line: 2,
            arrival: Timestamp(arrival),
            queue: String::new(),
            service: "cut".into(),
            priority: 0,
            fate: Fate::Left { at: Timestamp(at) },
        }
    }

    fn story(plan: &Plan) -> Vec<String> {
        plan.acts
            .iter()
            .map(|act| {
                let at = act.at.0;
                match act.what {
                    What::Finish { row } => format!("{at} finish {row}"),
                    What::GoOffDuty { staff } => format!("{at} off {staff}"),
                    What::Leave { row } => format!("{at} leave {row}"),
                    What::GoOnDuty { staff } => format!("{at} on {staff}"),
                    What::Join { row } => format!("{at} join {row}"),
                    What::Start { row, staff, is_spare: false } => {
                        format!("{at} start {row} at {staff}")
                    }
                    What::Start { row, staff, is_spare: true } => {
                        format!("{at} start {row} at spare {staff}")
                    }
                }
            })
            .collect()
    }

    #[test]
    fn at_equal_times_chairs_become_free_before_they_are_taken() {
        let rows =
            [served("A", 0, 0, 10), left(0, 10), served("B", 10, 10, 20), served("A", 5, 20, 30)];
        assert_eq!(
            story(&Plan::new(&rows)),
            [
                "0 on 1",
                "0 join 0",
                "0 join 1",
                "0 start 0 at 1",
                "5 join 3",
                "10 finish 0",
                "10 leave 1",
                "10 on 2",
                "10 join 2",
                "10 start 2 at 2",
                "20 finish 2",
                "20 off 2",
                "20 start 3 at 1",
                "30 finish 3",
                "30 off 1",
            ]
        );
    }

    #[test]
    fn what_takes_no_time_keeps_its_order() {
        let rows = [left(0, 0), served("A", 0, 5, 5), served("A", 0, 5, 9), served("B", 0, 5, 5)];
        assert_eq!(
            story(&Plan::new(&rows)),
            [
                "0 join 0",
                "0 join 1",
                "0 join 2",
                "0 join 3",
                "0 leave 0",
                "5 on 1",
                "5 on 2",
                "5 start 1 at 1",
                "5 finish 1",
                "5 start 3 at 2",
                "5 finish 3",
                "5 start 2 at 1",
                "5 off 2",
                "9 finish 2",
                "9 off 1",
            ]
        );
    }

    #[test]
    fn who_has_no_chair_gets_the_first_free_spare_one() {
        let rows = [
            served("A", 0, 0, 30),
            served("A", 0, 10, 20), // A is busy
            served("", 0, 15, 25),  // nobody knows who
            served("", 0, 20, 40),  // the first spare chair is free again
        ];
        let plan = Plan::new(&rows);
        assert_eq!(plan.spares, [StaffId(2), StaffId(3)]);
        assert_eq!(plan.spare_rows, 3);
        let starts: Vec<_> =
            story(&plan).into_iter().filter(|line| line.contains("start")).collect();
        assert_eq!(
            starts,
            [
                "0 start 0 at 1",
                "10 start 1 at spare 2",
                "15 start 2 at spare 3",
                "20 start 3 at spare 2",
            ]
        );
    }

    #[test]
    fn a_day_of_people_who_all_leave_needs_nobody() {
        let plan = Plan::new(&[left(0, 4)]);
        assert!(plan.staff.is_empty() && plan.spares.is_empty());
        assert_eq!(story(&plan), ["0 join 0", "4 leave 0"]);
    }
}
