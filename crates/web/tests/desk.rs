//! The desk over real nodes: what people see, what they sign, and what is kept from everybody else.

#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

#[path = "desk/agreements.rs"]
mod agreements;
#[path = "desk/answers.rs"]
mod answers;
#[path = "desk/beside.rs"]
mod beside;
#[path = "desk/browser.rs"]
mod browser;
#[path = "desk/declared.rs"]
mod declared;
#[path = "desk/forms.rs"]
mod forms;
#[path = "desk/guard.rs"]
mod guard;
#[path = "desk/hostile.rs"]
mod hostile;
#[path = "desk/journey.rs"]
mod journey;
#[path = "desk/people.rs"]
mod people;
#[path = "desk/private.rs"]
mod private;
#[path = "desk/routes.rs"]
mod routes;
#[path = "desk/search.rs"]
mod search;
#[path = "desk/stocktake.rs"]
mod stocktake;
#[path = "desk/world.rs"]
mod world;
