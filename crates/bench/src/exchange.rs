//! `exchange`: how many bytes and round trips bring a few new entries of a long record to another node.

use oplog::sync::{Frame, read, write};

use crate::cpu::machine;
use crate::receiver::{GUESTS, Receiver, world};
use crate::record::BATCH;

/// How many entries are new.
const NEW: usize = 10;

/// What one whole exchange was: round trips, bytes beside the entries sent and received, bytes of entries, new entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Requests with their answers, after the nonce.
    pub round_trips: usize,
    /// Bytes sent, entries left out.
    pub sent: usize,
    /// Bytes received, entries left out.
    pub received: usize,
    /// Bytes of entries, both ways.
    pub entries: usize,
    /// Entries that were new to the asking node.
    pub new: usize,
}

fn beside(frames: &[Frame]) -> (usize, usize) {
    let (entries, others): (Vec<_>, Vec<_>) =
        frames.iter().cloned().partition(|frame| matches!(frame, Frame::Entries(_)));
    (write(&others).len(), write(&entries).len())
}

/// Carries messages until the asking side has nothing more to say.
///
/// # Panics
/// If a node fails.
pub fn carry(asking: &mut Receiver, answering: &mut Receiver) -> Course {
    let key = |receiver: &Receiver| receiver.node.node_key().expect("a node has its key");
    let (from, to) = (key(asking), key(answering));
    let mut course = Course::default();
    let mut message = asking.node.greet(asking.space, to).expect("the space is there");
    while !message.is_empty() {
        course.round_trips += 1;
        let (sent, up) = beside(&message);
        let frames = read(&write(&message)).expect("a node writes what it reads");
        let answer = answering.node.answer(from, &frames).expect("the other node answers");
        let (received, down) = beside(&answer.frames);
        let back = asking.node.exchange(to, &answer.frames).expect("the asking node takes the answer");
        course.sent += sent;
        course.received += received;
        course.entries += up + down;
        course.new += back.new;
        message = back.frames;
    }
    course
}

/// Two nodes hold the same long record; one has a few entries more.
///
/// # Panics
/// If an entry does not arrive.
#[must_use]
pub fn run(entries: usize) -> String {
    let (mut world, _, mut mix) = world(3, 20, entries);
    let mut nodes = GUESTS.map(|seed| Receiver::new(&world, seed, None));
    let messages = world.messages(0, world.made.len(), BATCH);
    for node in &mut nodes {
        node.feed(&messages);
    }
    let from = world.made.len();
    (0..NEW).for_each(|_| mix.step(&mut world));
    let [asking, answering] = &mut nodes;
    let idle = carry(asking, answering);
    answering.feed(&world.messages(from, world.made.len(), BATCH));
    let course = carry(asking, answering);
    assert_eq!(course.new, NEW, "all that is new arrives");
    let digests = [asking, answering].map(|node| node.node.digest(world.space).expect("the space is there"));
    assert_eq!(digests[0], digests[1], "both stand alike");
    let show = |course: Course| {
        format!(
            "{} round trips after the nonce, {} B sent and {} B received beside {} B of entries, {} new",
            course.round_trips, course.sent, course.received, course.entries, course.new
        )
    };
    format!(
        "{}\n{entries} entries of 20 authors and two guests\nnothing new: {}\n{NEW} new: {}",
        machine(),
        show(idle),
        show(course)
    )
}
