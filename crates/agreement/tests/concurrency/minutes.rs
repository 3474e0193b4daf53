//! What two parties do about one meeting without knowledge of each other.

use agreement::MeetingPhase;

use crate::row::{Refused, try_pair};
use crate::session::{Session, minutes, on};
use crate::world::{CREDITOR, DEBTOR, Draft, OTHER};

type Act = fn(&Session) -> Draft;

/// Every pair of steps about minutes, and each beside the convener's word; both stand, in both orders.
pub(crate) fn check() -> Result<(), String> {
    let moved: Act = |session| session.do_convene(DEBTOR, on(20_009));
    let off: Act = |session| session.do_convene(DEBTOR, None);
    let accepts: [Act; 2] = [|session| session.do_accept(CREDITOR), |session| session.do_accept(OTHER)];
    let declines: [Act; 2] = [|session| session.do_decline(CREDITOR), |session| session.do_decline(OTHER)];
    let counters: [Act; 2] = [
        |session| session.do_counter(CREDITOR, minutes(&[CREDITOR])),
        |session| session.do_counter(OTHER, minutes(&[OTHER])),
    ];
    let lapse: Act = |session| session.do_lapse(DEBTOR);
    let passes: [Act; 2] =
        [|session| session.do_pass(CREDITOR, session.next), |session| session.do_pass(OTHER, session.next)];
    let first: [Act; 2] = [
        |session| session.do_offer(CREDITOR, 0, minutes(&[CREDITOR])),
        |session| session.do_offer(OTHER, 0, minutes(&[OTHER])),
    ];
    let (convened, offered) = (Session::convened(), Session::offered());
    let adopted = Session::adopted();
    if adopted.meeting().adopted().is_none() {
        return Err("nothing is adopted".to_owned());
    }
    let nearly = offered.clone().then(offered.do_accept(CREDITOR));
    let (open, failed, done) = (MeetingPhase::Offered, MeetingPhase::NotAdopted, MeetingPhase::Adopted);
    let pairs: [(&Session, Act, Act, MeetingPhase); 18] = [
        (&convened, first[0], first[1], failed),
        (&convened, first[0], moved, open),
        (&convened, first[0], off, open),
        (&offered, accepts[0], accepts[1], done),
        (&offered, accepts[0], declines[1], failed),
        (&offered, accepts[0], counters[1], open),
        (&nearly, accepts[1], lapse, done),
        (&offered, accepts[0], passes[1], open),
        (&nearly, accepts[1], off, done),
        (&offered, declines[0], declines[1], failed),
        (&offered, declines[0], counters[1], open),
        (&offered, declines[0], lapse, failed),
        (&offered, declines[0], moved, failed),
        (&offered, counters[0], counters[1], failed),
        (&offered, counters[0], lapse, open),
        (&offered, counters[0], moved, open),
        (&offered, passes[0], passes[1], open),
        (&adopted, |session| session.do_offer(OTHER, session.next, minutes(&[])), off, done),
    ];
    for (number, (session, one, two, phase)) in pairs.into_iter().enumerate() {
        let tried = try_pair(&session.world, [one(session), two(session)]);
        tried.refused_as(Refused::Neither).map_err(|why| format!("pair {number}: {why}"))?;
        tried.same_records().map_err(|why| format!("pair {number}: {why}"))?;
        for fold in &tried.folds {
            let found = fold.meeting(session.object).phase();
            if found != phase {
                return Err(format!("pair {number}: {found:?}"));
            }
        }
    }
    Ok(())
}
