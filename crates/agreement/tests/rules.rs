//! Each operation's rule as claims: what it does, who may, and every refusal it can give.

#[path = "rules/acts.rs"]
mod acts;
#[path = "rules/agreements.rs"]
mod agreements;
#[path = "rules/deal.rs"]
mod deal;
#[path = "rules/keys.rs"]
mod keys;
#[path = "rules/meetings.rs"]
mod meetings;
#[path = "rules/membership.rs"]
mod membership;
#[path = "rules/pact.rs"]
mod pact;
#[path = "rules/pact_properties.rs"]
mod pact_properties;
#[path = "rules/properties.rs"]
mod properties;
#[path = "rules/records.rs"]
mod records;
#[path = "rules/session.rs"]
mod session;
#[path = "rules/terms.rs"]
mod terms;
#[path = "rules/votes.rs"]
mod votes;
#[path = "rules/world.rs"]
mod world;

use agreement::{Phase, Refusal};

use deal::Deal;
use world::{Draft, World};

/// Why the next entry would be refused, `None` when it stands.
fn refusal_in(world: &World, draft: Draft) -> Option<Refusal> {
    let mut world = world.clone();
    let entry = world.sign(draft);
    world.fold().refused.remove(&entry)
}

/// Why the deal's next entry would be refused, `None` when it stands.
fn refusal(deal: &Deal, draft: Draft) -> Option<Refusal> {
    refusal_in(&deal.world, draft)
}

/// Where the deal stands after these were signed one after another; each must stand.
fn after<const N: usize>(mut deal: Deal, acts: [fn(&Deal) -> Draft; N]) -> Phase {
    for act in acts {
        let draft = act(&deal);
        let word = draft.operation.word();
        let entry = deal.world.sign(draft);
        assert_eq!(deal.world.fold().refused.get(&entry), None, "{word}");
        if word == "report" {
            deal.report = entry;
        }
    }
    deal.commitment().phase()
}
