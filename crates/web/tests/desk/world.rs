//! Two parties with a space between them, each with a node and a desk.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use agreement::Rules;
use node::oplog::SpaceId;
use node::oplog::sync::{self, Frame};
use node::{
    Authorized, Clock, Entropy, Invitation, Keys, ManagePeople, Mark, Node, Passphrase, PersonId, Role,
    Shared, Store,
};
use web::{Desk, Lang};

use crate::browser::Browser;

/// 21 September 2026, 14:13 UTC; 30 Shahrivar 1405.
pub(crate) const NOW_MS: u64 = 1_790_000_000_000;

/// The name of the head of either party.
pub(crate) const HEAD: &str = "The head";
/// Everybody's passphrase.
pub(crate) const PASSPHRASE: &str = "a passphrase of the tests";

static CHOSEN: LazyLock<Passphrase> = LazyLock::new(|| Passphrase::choose(PASSPHRASE).unwrap());

/// A party with a node and somebody at its desk.
pub(crate) struct Side {
    pub(crate) shared: Shared,
    pub(crate) desk: Desk,
    pub(crate) address: SocketAddr,
    pub(crate) time: Arc<AtomicU64>,
}

impl Side {
    fn new(name: &str, seed: u8) -> Self {
        let time = Arc::new(AtomicU64::new(NOW_MS));
        let shared = Shared::new(party(name, seed, &time));
        let address = SocketAddr::from(([127, 0, 0, seed], 7080));
        let desk = Desk::new(shared.clone(), address).unwrap();
        let side = Self { shared, desk, address, time };
        side.person(HEAD, Role::Head);
        side
    }

    /// Adds a person who can sign in.
    pub(crate) fn person(&self, name: &str, role: Role) -> PersonId {
        let (mut node, may) = (self.shared.lock(), Authorized::by_operator(ManagePeople));
        let id = node.add_person(&may, name, role).unwrap();
        node.set_passphrase(&may, id, &CHOSEN).unwrap();
        id
    }

    /// A browser in which the head has signed in.
    pub(crate) async fn browser(&self, lang: Lang) -> Browser {
        self.browser_of(HEAD, if lang == Lang::English { "en" } else { "fa" }).await
    }

    /// A browser in which a person has signed in.
    pub(crate) async fn browser_of(&self, name: &str, lang: &str) -> Browser {
        let mut browser = self.stranger();
        let opened = browser.sign_in(lang, name, PASSPHRASE).await;
        assert_eq!(opened.status, 303, "{}", opened.body);
        browser
    }

    /// A browser without a session.
    pub(crate) fn stranger(&self) -> Browser {
        Browser::new(web::desk(self.desk.clone()), self.address)
    }

    pub(crate) fn pass_ms(&self, ms: u64) {
        self.time.fetch_add(ms, Ordering::SeqCst);
    }

    /// How many entries of a space the node holds.
    pub(crate) fn entries(&self, space: SpaceId) -> usize {
        self.shared.lock().log(space, 0, 10_000).unwrap().len()
    }
}

/// A node of its own, in memory.
pub(crate) fn party(name: &str, seed: u8, time: &Arc<AtomicU64>) -> Node {
    let (clock, entropy) = (Clock::Set(Arc::clone(time)), Entropy::Seeded([seed; 32], 0));
    let store = Store::in_memory().unwrap();
    Node::create(store, Keys::in_memory(), Mark::memory(), clock, entropy, name).unwrap().0
}

/// Carries messages between two nodes until the asking side has nothing more to say.
pub(crate) fn exchange(space: SpaceId, asking: &Side, answering: &Side) {
    let (mut asking, mut answering) = (asking.shared.lock(), answering.shared.lock());
    let (a, b) = (asking.node_key().unwrap(), answering.node_key().unwrap());
    let mut message = asking.greet(space, b).unwrap();
    for _ in 0..50 {
        if message.is_empty() {
            return;
        }
        let answer = answering.answer(a, &sync::read(&sync::write(&message)).unwrap()).unwrap();
        message = asking.exchange(b, &answer.frames).unwrap().frames;
    }
    panic!("an exchange comes to an end");
}

/// Two parties of these names in a space.
pub(crate) fn meet_as(one: &str, two: &str, name: &str) -> (Side, Side, SpaceId) {
    let (a, b) = (Side::new(one, 1), Side::new(two, 2));
    let space = {
        let (mut a, mut b) = (a.shared.lock(), b.shared.lock());
        let space = a.found(name, Rules::default()).unwrap();
        let link = a.invite(space, "http://127.0.0.1:1").unwrap().link();
        let join = b.join(&Invitation::of_link(&link).unwrap(), name, "").unwrap();
        a.answer(b.node_key().unwrap(), &[Frame::Join(join)]).unwrap();
        let applicant = a.applicants(space).unwrap().remove(0);
        a.admit(space, applicant.party, None).unwrap();
        space
    };
    exchange(space, &b, &a);
    (a, b, space)
}

/// A ministry and a railway in a joint commission.
pub(crate) fn meet() -> (Side, Side, SpaceId) {
    meet_as("Ministry of Roads", "Belarusian Railway", "Joint commission")
}

/// What a good form says beside what the page put into it.
pub(crate) const GOOD: [(&str, &str); 8] = [
    ("title-en", "Deliver 12 locomotives"),
    ("title-fa", "تحویل ۱۲ لوکوموتیو"),
    ("deliverable", "12 locomotives, at the Sarakhs border station"),
    ("reckoning", "jalali"),
    ("day", "۲۹"),
    ("month", "١٢"),
    ("year", "1405"),
    ("zone", "Asia/Tehran"),
];

/// Puts good terms on the table by the pages of `side` and gives the commitment's address without its language.
pub(crate) async fn offer(browser: &mut Browser, lang: &str, space: SpaceId) -> String {
    let page = browser.get(&format!("/{lang}/spaces/{space}/offer")).await;
    let preview = browser.send(&page, &GOOD).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    let signed = browser.press(&preview, "sign").await;
    assert_eq!(signed.status, 303, "{}", signed.body);
    let confirmation = browser.get(&signed.location).await;
    let link = confirmation.links().into_iter().find(|link| link.contains("/commitments/")).unwrap();
    link[format!("/{lang}/").len()..].to_owned()
}
