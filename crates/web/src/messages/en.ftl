# Words of the desk in English. Ids and variables are the same in every language; a test holds them to that.

brand = Peygir
skip = Skip to the content
nav = Main
boxes = Boxes of the inbox
inbox = Inbox
spaces = Spaces
space = Space
space-nav = Parts of the space
space-overview = Overview
commitments = Commitments
log = Log
new-offer = New offer
leave = Sign out
footer = Peygir: what was agreed is followed up. Pages are served by your own node on this machine.
own-party = (you)
list-comma = {", "}
optional = (optional)
reference = Reference
to-inbox = Back to the inbox
to-space = See the space
earlier = Earlier
from-start = From the earliest
later = Next page
from-first = From the first entry
bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
 }

## The inbox

box-answer = Waiting for your answer
box-answer-hint = Offers and reports that nobody but you can answer.
box-overdue = Overdue
box-overdue-hint = Past their due date and not confirmed, owed by you or to you.
box-owe = You owe
box-owe-hint = What your party has promised, the nearest date first.
box-owed = Owed to you
box-owed-hint = What others have promised your party.
box-sent = Waiting for others
box-sent-hint = Your offers that others have yet to answer.
box-empty = Nothing here.
all-boxes = Show all boxes
inbox-empty = Nothing waits for you, and nothing is owed by you or to you.
late-days = { $days ->
    [one] 1 day overdue
   *[other] { $days } days overdue
 }
reason-answer-offer = { $others } has offered these terms and waits for your answer. Debtor: { $debtor }.
reason-answer-change = A change of the terms in force is on the table and waits for your answer. Debtor: { $debtor }.
reason-answer-end = An end by consent is on the table and waits for your answer. Debtor: { $debtor }.
reason-answer-report = { $debtor } has reported this as done: confirm or dispute it.
reason-sent = Offered; { $others } has yet to answer.
reason-owe = You owe this to { $others }: deliver it, then report it.
reason-owe-condition = You will owe this to { $others } once its condition holds.
reason-owe-reported = You have reported this as done; { $others } has yet to answer.
reason-owe-disputed = { $others } has disputed your report: you still owe this.
reason-owed = { $debtor } owes you this.
reason-owed-condition = { $debtor } will owe you this once its condition holds.
reason-owed-reported = { $debtor } has reported this as done; { $others } has yet to answer.
reason-owed-disputed = You have disputed the report: { $debtor } still owes you this.

## Where a commitment stands

phase-offered = On the table
phase-not-agreed = Not agreed
phase-conditional = In force, waiting for its condition
phase-detached = In force
phase-reported = Reported as done
phase-disputed = Report disputed
phase-confirmed = Confirmed
phase-released = Released
phase-cancelled = Cancelled by the debtor
phase-ended = Ended by consent
turn-own = It is your turn
turn-own-and = It is your turn, and that of { $party }
turn-of = Waiting for { $party }
turn-nobody = Nobody's turn
quiet-days = { $days ->
    [one] Nothing has been signed about it for 1 day.
   *[other] Nothing has been signed about it for { $days } days.
 }
awaited-answer = An answer to the terms on the table.
awaited-answer-change = An answer to the change on the table. Until then the terms in force hold.
awaited-new-offer = Nothing is in force. Any party named may make a new offer.
awaited-condition = The condition has yet to hold; the debtor signs when it does.
awaited-delivery = Delivery by the due date, and a report of it by the debtor.
awaited-confirmation = The creditor's word on the report: confirmed or disputed.
awaited-new-report = The report was disputed, so the commitment binds on. The debtor delivers and reports again.
over-confirmed = The creditor has confirmed it. The commitment is fulfilled.
over-released = The creditors have let go of it. Nothing is owed any more.
over-cancelled = The debtor has ended it alone. The record shows it as violated unless the creditors release it.
over-ended = The parties have ended it by consent.

## Terms

terms-in-force = Terms in force
terms-last = Terms last offered
on-the-table = On the table
offered-by = Offered by
terms-reference = Reference of the terms
due-days = Due dates so far, the oldest first
was = Before:
nothing-said = not stated
untitled = Without a title
row-kind = Kind
row-title = Title
row-text = Text
row-debtor = Owes (debtor)
row-creditors = To (creditor)
row-deliverable = What is delivered
row-criterion = Done when
row-due = Due
row-condition = Condition
row-closure = Closed when
row-reply-by = Answer asked for by
row-reason = Reason
row-note = Note
row-report = The report says
due-zone = at the end of the day, { $name } time
tag-mutual-end = An end by consent: nothing is owed any more
closure-all = every creditor has confirmed
closure-any = any one creditor has confirmed
closure-lead = the first creditor in the list has confirmed
condition-fulfilled = after another commitment is fulfilled:
text-missing = The full text of these terms has not arrived here yet. It comes with the next exchange; nobody can sign it before.

## What can be done

you-can = What you can do
do-new = New offer
do-accept = Accept
do-counter = Make a counter-offer
do-decline = Decline
do-lapse = Withdraw the offer
do-pass = Give up the turn to offer
do-satisfy = Sign that the condition holds
do-report = Report as done
do-confirm = Confirm the report
do-dispute = Dispute the report
do-release = Release the debtor
do-cancel = Cancel without the creditor
do-comment = Comment
do-attach = Attach a file
do-erase = Take the words back
do-amend = Propose other terms
do-reschedule = Propose another due date
do-end = Propose to end it by consent
do-ballot-accept = Vote for it
do-ballot-decline = Vote against it
hint-new = Put terms on the table. They come into force when every party named has accepted them.
hint-accept = You agree to exactly these terms.
hint-counter = Answer with terms of your own. The terms on the table are declined by it.
hint-decline = You say no, without terms of your own.
hint-lapse = The offer is gone once the others have seen that.
hint-pass = Somebody else may offer next.
hint-satisfy = From then on the commitment binds you.
hint-report = You say that it is delivered; the creditor answers.
hint-confirm = You say that it is delivered as agreed.
hint-dispute = You say that it is not delivered as agreed; it binds on.
hint-release = You let go of what is owed to you.
hint-cancel = You end it alone. The record shows it as violated.
hint-amend = Change who, what, when or how. It comes into force when every party named accepts.
hint-reschedule = Only the date moves, by consent; the old date stays visible.
hint-end = Everybody lets go together.
then-new = Every party named receives these terms and can accept, counter or decline them. Nothing binds before all have accepted.
then-counter = The terms on the table are declined, and yours are put in their place. The others can accept, counter or decline them.
then-amend = The terms in force hold until every party named has accepted these.
then-reschedule = The date in force holds until every party named has accepted the new one. The old date stays in the record.
then-end = The commitment binds on until every party named has accepted its end.
then-accept = Your vote cannot be taken back. When every party named has accepted, the terms are in force.
then-decline = Your vote cannot be taken back. These terms cannot come into force any more; a new offer can be made.
then-lapse = Whoever accepts before seeing the withdrawal binds both sides. Once the others have seen it, the offer is gone.
then-pass = The turn to offer goes to whoever offers first.
then-satisfy = The commitment binds you from now on, and is due on its date.
then-report = The creditor confirms or disputes your report. Until it is confirmed, the commitment stays open.
then-confirm = By the closure in the terms, the commitment is fulfilled. A confirmation cannot be taken back.
then-dispute = The commitment binds on. The debtor reads your reason and can report again.
then-release = The debtor owes you nothing more under this commitment. This cannot be taken back.
then-cancel = The commitment ends without the creditor's consent, and the record shows it as violated. This cannot be taken back.
then-comment = Every party of the space can read it. It changes nothing about what is owed.
then-attach = The file travels to every party of the space with the next exchange. Its bytes are sealed by the signature.
then-erase = Every party’s node forgets the words and the file. That something stood here, who signed it and when, stays in the record, and so does your reason. What others have read or copied before cannot be called back.
then-ballot = Your vote cannot be taken back. The ballot is won when enough parties have voted for it.

## Signing

preview = What you are about to sign
sign = Sign
edit = Change it
to-preview = Go on to what you will sign
cancel-form = Leave without signing
not-signed = It was not signed
signature-stays = Your party's key signs this. Every party of the space receives it, and it stays in the record for good.
sign-new = { $party } offers these terms.
sign-counter = { $party } declines the terms on the table and offers these instead.
sign-amend = { $party } offers to change the commitment to these terms.
sign-reschedule = { $party } offers another due date.
sign-end = { $party } offers to end the commitment by consent.
sign-accept = { $party } accepts these terms.
sign-decline = { $party } declines the terms on the table.
sign-lapse = { $party } withdraws its offer.
sign-pass = { $party } gives up its turn to offer.
sign-satisfy = { $party } states that the condition holds.
sign-report = { $party } reports that this is done.
sign-confirm = { $party } confirms that this is done.
sign-dispute = { $party } disputes the report.
sign-release = { $party } releases the debtor.
sign-cancel = { $party } cancels what it owes.
sign-comment = { $party } comments.
sign-attach = { $party } attaches this file as evidence.
sign-erase = { $party } takes these words of its own back.
sign-ballot-accept = { $party } votes for it.
sign-ballot-decline = { $party } votes against it.
signed = Signed
signed-otherwise = This form was signed before
signed-otherwise-text = You sent the same form a second time with other words in it. Only the first was signed; this is what it did. To sign something else, begin again from the page of the commitment.
what-next = What happens next
signed-leaves = The entry leaves for the other parties with the next exchange. That they have received it shows in the space, as a receipt.
acted-for = On behalf of the party
see-it = See it

## What an entry did

did-genesis = founded the space
did-admit = let a party in
did-enrol = enrolled a new key
did-revoke = took back a key
did-leave = left the space
did-ack = confirmed receipt
did-offer = offered terms
did-accept = accepted
did-decline = declined
did-counter = declined and offered other terms
did-lapse = withdrew the offer
did-pass = gave up the turn to offer
did-satisfy = signed that the condition holds
did-report = reported it as done
did-confirm = confirmed the report
did-dispute = disputed the report
did-release = released the debtor
did-cancel = cancelled it
did-withdraw = withdrew from the agreement
did-attach = attached evidence
did-erase = erased a content
did-transcribe = recorded a transcript
did-comment = commented
did-declare = declared a capability or need
did-future = did something that this version does not know
thread = Everything that was signed
thread-hint = In the order of the record. Times are what the signer's clock said.
beside-words = Comments and files
beside-hint = What the parties have said and shown about it. It binds nobody by itself.
erase-own = Your own words
file-save = Save the file
file-size = Size
file-hash = SHA-256 of the file
log-hint = Every entry of the space in the order in which it arrived here. Times are what the signer's clock said.
claimed = Signed, by the signer's clock
entry-refused = Changes nothing:
entry-relied = Its key was taken back or signed two entries for one place, but another party had relied on this entry first: it binds its author.
entry-details = Details
entry = Entry
entry-key = Key and place in its chain
entry-arrived = Arrived here
entry-about = About
content-missing = Its text has not arrived here yet.
content-withheld = Its author does not hand out the text.
content-erased = Its text was erased by a signed entry.
field-name = Name
field-code = Field
field-file-name = File
field-media-type = Media type
field-source = Source
field-debtor-as-written = Debtor as written
field-creditor-as-written = Creditor as written
field-due-as-written = Due date as written
field-role = Role
field-person = Person
field-number = Clause number
field-heading = Heading
field-text = Text
field-other = Other
field-attachment = Attached

## Forms

part-what = What is promised
part-who = Who owes it to whom
part-when = By when
part-more = Condition and reason
titles-hint = The title is the name by which people speak of it. One language is enough; with both, each side reads its own.
label-title-en = Title in English
label-title-fa = Title in Persian
label-deliverable = What is delivered
label-criterion = Done when (optional)
label-condition = Condition (optional)
label-reason = Reason (optional)
label-debtor = Who owes it
label-creditors = To whom
label-closure = When is it closed?
label-reckoning = Calendar
label-due = Due date
label-day = Day
label-month = Month
label-year = Year
label-zone = Time zone
hint-field-deliverable = So that somebody who was not in the room knows what to expect.
hint-field-criterion = How both sides will see that it is done.
hint-field-condition = What must hold before it binds. The debtor signs when it does.
hint-field-reason = Why you offer this. It stands beside the offer in the record.
due-hint = The commitment is due at the end of this day. For example 29 12 1405 in the Jalali calendar, 20 3 2027 in the Gregorian.
zone-hint = Where the day ends, for example Asia/Tehran or Europe/Minsk.
note-hint = It is signed with the step, and every party of the space can read it.
label-file = File
file-hint = At most 16 megabytes. It is only handed out to be saved, never opened by the desk itself.
file-chosen = Chosen:
reckoning-jalali = Jalali (solar hijri)
reckoning-gregorian = Gregorian
faults = There is something to mend
faults-title = {"To mend: "}
fault-too-long = This text has { $count } letters; at most { $most } fit.
fault-too-long-together = The texts together are too long for one entry. Shorten them, or attach a file instead.
fault-title = Enter a title, in at least one language.
fault-deliverable = Enter what is delivered.
fault-debtor = Choose who owes it.
fault-creditors = Choose at least one party to whom it is owed.
fault-debtor-among = A party cannot owe something to itself. Choose another creditor or another debtor.
fault-not-named = Your own party must be the debtor or a creditor.
fault-closure = Choose when it is closed.
fault-note-missing = Enter the reason. The other side is owed one.
fault-file-missing = Choose a file.
fault-file-gone = The file that you chose is not kept any more. Choose it again.
fault-nothing-changed = Nothing differs from the terms in force, so there is nothing to offer.
fault-words-alone = Only words differ. The rules change words together with a date, a party or the closure; change one of these as well, or end the commitment by consent and offer a new one.
fault-due-missing = Enter the due date.
fault-day-number = Enter the day as a number.
fault-month-number = Enter the month as a number, 1 to 12.
fault-year-number = Enter the year as a number of four digits.
fault-no-such-month = There is no month { $month }: months are numbered 1 to 12.
fault-no-such-day = There is no { $day } { $month } { $year }: that month has { $days } days.
fault-year-gregorian = A Gregorian year lies between { $from } and { $to }. Is this a Jalali year?
fault-year-jalali = A Jalali year lies between { $from } and { $to }. Is this a Gregorian year?
fault-due-past = This day is over. Today is { $today } in that time zone.
fault-zone-missing = Enter a time zone.
fault-zone = There is no time zone of this name. Use a name such as Asia/Tehran.

## Spaces

spaces-none = This node is in no space yet. Found one, or join one by an invitation, on the command line.
space-parties = { $count ->
    [one] 1 party
   *[other] { $count } parties
 }
commitments-none = There are no commitments in this space yet.
parties = Parties
membership = Membership
member = Member
former-member = Former member
fingerprint = Fingerprint
last-receipt = Last receipt arrived
receipts-hint = A receipt is a party's signed word on what it has received.
applicants = Asking to be let in
applicants-hint = Compare the fingerprint with the other side by another way, such as a telephone, before you let it in on the command line.
ballots = Ballots about the space
ballot = Ballot
ballot-about = About
ballot-awaited = Has yet to vote
ballot-open = Open
ballot-won = Won
ballot-admit = Let a party in
ballot-expel = Expel a party
ballot-succeed = A new identity takes over a party's seat
ballot-level = Raise the rules level
space-state = State of the record
undelivered = { $count ->
    [0] Every entry of yours is known to have arrived at another party.
    [one] One entry of yours is not known to have arrived at any other party yet.
   *[other] { $count } entries of yours are not known to have arrived at any other party yet.
 }
digest-hint = When two parties hold the same entries, they read the same digest here.
digest = Digest
space-id = Id of the space
epoch = Changes of membership
level = Rules level
forked = A key signed two entries for one place
forked-text = This is a proof of misconduct, or of a restored backup. What the key signed counts only where another party relied on it, against its author.
unwilling-in = This node will not sign in { $name }
unwilling-short = This node will not sign here
unwilling-no-key = This node has no key in this space. Join it by an invitation first.
unwilling-key-missing = The key for this space is not in the key folder. Exchange with a peer, then enrol a new key: peygir sync, peygir enrol.
unwilling-no-mark = There is no high-water mark for this folder, so it may be a copy or a restored backup. Exchange with a peer, then enrol a new key: peygir sync, peygir enrol.
unwilling-mark-unknown = The high-water mark does not know this space, so this folder may be a copy or a restored backup. Exchange with a peer, then enrol a new key: peygir sync, peygir enrol.
unwilling-copy = This folder is a copy: the high-water mark belongs to another. Use the original, or, if it is lost, exchange with a peer and enrol a new key: peygir sync, peygir enrol.
unwilling-old-database = The database is older than what this node has signed, as after a restored backup. Exchange with a peer, then enrol a new key: peygir sync, peygir enrol.
unwilling-peer-ahead = A peer holds entries of this node's key that were not here, as after a restored backup. Exchange with a peer, then enrol a new key: peygir sync, peygir enrol.
unwilling-level = The space lives by a rules level that this version does not know. Upgrade it.
unwilling-log = The entry did not fit into the log. Try again; if it stays so, ask whoever runs this node.
unwilling-clauses = The text of the agreement has other clauses than its terms. Ask the other side for a whole text.
unwilling-other = The node says: { $what }

## Why the rules refuse

refused-no-such-object = There is no such thing in this space.
refused-no-such-round = There is no such round, or an earlier one is undecided.
refused-answer-first = An offer is on the table: accept, counter or decline it first.
refused-already-voted = This party has answered in this round already.
refused-lapsed = The offer was withdrawn, and the signer had seen that.
refused-no-such-terms = These terms are not on the table.
refused-not-named = This party is not named in the terms.
refused-only-debtor = Only the debtor can do this.
refused-only-creditor = Only a creditor who has not released can do this.
refused-only-author = Only its author can do this.
refused-not-in-force = No terms are in force.
refused-closed = It is closed: no more can come of it.
refused-conditional = The condition does not hold yet.
refused-no-such-condition = There is no such open condition.
refused-no-such-report = There is no such open report under the terms in force.
refused-own-vote-open = This party has voted for other terms. They must be decided first.
refused-no-withdrawal = The terms in force let no party leave by its own act.
refused-already-withdrawn = This party has withdrawn from the terms in force.
refused-not-erasable = What others signed, or what is another's, cannot be erased.
refused-terms-creditors = Terms name between 1 and 200 creditors.
refused-terms-parties = Terms name each party once, and the debtor is not among the creditors.
refused-terms-day = The due date lies outside the years that the calendar reckons with.
refused-terms-zone = The terms need the name of a time zone.
refused-terms-not-new = Nothing is in force, so there is nothing to change.
refused-terms-tag = The kind of change does not fit what the terms change.
refused-terms-agreement-parties = An agreement has between 2 and 200 parties.
refused-terms-clauses = An agreement has between 1 and 256 clauses.
refused-terms-clause-numbers = Clauses are numbered between 1 and 9999.
refused-terms-notice = A notice is between 1 and 3650 days.
refused-terms-nobody-withdraws = The agreement says that nobody may withdraw, so an amendment keeps every party.
refused-terms-number-again = The number of a clause that was dropped is not used again. Give new clauses new numbers.
refused-limit-ballots = The space has as many ballots as it can.
refused-limit-rounds = There have been as many rounds as there can be.
refused-limit-offers = The round has as many offers as it can.
refused-limit-keys = The space has as many keys as it can.
refused-limit-reports = The commitment has as many reports as it can.
refused-limit-corrections = The transcript has as many corrections as it can.
refused-limit-parties = The space has as many parties or keys as it can.
refused-identity-revocation = The guardians' signatures on the revocation do not hold.
refused-identity-own-signature = The new key's own signature does not hold.
refused-identity-grant = The guardians' grant of the key does not hold.
refused-identity-party = The identity is not that of a party of this space.
refused-identity-log = The identity log does not continue the known one.
refused-space-founder = Only the founder lets the second party in.
refused-space-founding-key = Only the key that founded the space lets the second party in. With a newer key, found a new space.
refused-space-third = A third party is let in by ballot.
refused-space-member = The party is a member already.
refused-space-enrols = A key enrols itself, and this one was enrolled by another.
refused-space-key-used = The key is in use here.
refused-space-revokes = A party can take back keys of its own only.
refused-space-genesis = A space is founded by its first entry, which the founder's key signs.
refused-space-quorum = A quorum is over half and at most all.
refused-space-subject = The ballot is about no member.
refused-space-of-two = In a space of two nobody expels.
refused-space-rivals = The founder let two parties in unseen by each other, so no seat but its own can be voted on here. To exclude a party, found a new space.
refused-space-own-seat = Whoever is let in takes a seat of its own.
refused-space-of-two-seats = In a space of two nobody hands the other's seat on.
refused-space-voters = The voters are not the members that the offer had seen.
refused-space-level = A rules level is only ever raised.
refused-standing-unknown = The signing key was never introduced here.
refused-standing-unseen = The signer had not seen the introduction of its own key.
refused-standing-not-admitted = The party was not let in, as far as the signer had seen.
refused-standing-notice = The new key waits until another party has seen it. Exchange with a peer.
refused-standing-newer = A newer key of the party had taken over.
refused-standing-left = The party was no longer a member.
refused-standing-revoked = The key was taken back before this entry.
refused-standing-forked = The key signed two entries for one place.
refused-standing-relied = Others relied on it, but it does not bind its author.
refused-kind = This version does not know entries of kind { $kind }.
refused-unreadable = The entry does not read as its kind demands: { $what }
refused-not-your-turn = Two offers crossed, and the next offer belongs to the party { $party }.
refused-other = The rules say: { $what }

## What went wrong

trouble-session-heading = Sign in
trouble-session-text = You are not signed in, or your session is over. What you had signed is safe; what you had not is not signed.
trouble-missing-heading = There is no such page
trouble-missing-text = Nothing is here, or it has moved. Check the address.
trouble-host-heading = This address leads somewhere else
trouble-host-text = The desk answers only under the address that its own link names.
trouble-foreign-heading = This was not sent from the desk
trouble-foreign-text = The form came from another site, or your browser did not say where it came from. Nothing was signed.
trouble-token-heading = This form belongs to another session
trouble-token-text = Nothing was signed. Go back in your browser, copy what you typed, and open the page again.
trouble-unreadable-heading = This is not a form of the desk
trouble-unreadable-text = Nothing was signed. Open the page again.
trouble-large-heading = What you sent is too large
trouble-large-text = Nothing was signed. Go back in your browser: what you typed is still there. A form or a file takes 16 megabytes; a text takes 5,000 letters.
trouble-slow-heading = It took too long to arrive
trouble-slow-text = Nothing was signed. Go back in your browser and send it again.
trouble-not-now-heading = This step is not open now
trouble-not-now-text = Since you opened the page, something else was signed, or it is another party's turn. Nothing was signed by this. Look at the commitment again.
trouble-busy-heading = The desk is busy
trouble-busy-text = Try again in a moment.
trouble-failed-heading = The node could not do it
trouble-failed-text = It may have been done all the same. Send the same page again: the same form is never signed twice.
to-home = Back to the beginning
trouble-not-allowed-heading = Your role does not allow this
trouble-not-allowed-text = Nothing was done. Ask your head or your focal point: they give the roles of your party's people.
trouble-invitation-heading = This invitation does not hold
trouble-invitation-text = It was used already, or is older than three days, or the link is not whole. Ask for another. If you have chosen your passphrase, sign in.

## People and sessions

sign-in = Sign in
sign-in-hint = No passphrase yet, or lost? Ask your head or your focal point for an invitation: a link by which you choose one.
sign-in-first = Whoever runs the node invites the first head with this command:
not-signed-in = You are not signed in
fault-sign-in = This name and this passphrase do not belong together. Check both and try again.
fault-wait = Too many wrong passphrases. Wait { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
 }, then try again.
person-name = Name
person-role = Role
passphrase = Passphrase
passphrase-again = The passphrase once more
passphrase-hint = At least { $count } letters. Several words that only you would put together are best.
passphrase-own = Your own passphrase
passphrase-own-hint = It is asked before every signature, so that nobody signs at a browser that you left open.
fault-passphrase-wrong = This is not your passphrase. Nothing was done, and what you typed is kept: enter it again.
fault-passphrase-short = Enter at least { $bound } letters; these are { $count }.
fault-passphrase-long = Enter at most { $bound } letters; these are { $count }.
fault-passphrase-differs = The two passphrases differ. Enter the same one twice.
invitation = Choose your passphrase
invitation-take = Keep it and sign in
invitation-link = Invitation of
invitation-link-hint = Hand this link over by a way that you trust. It can be used once and within three days, and is not shown again.
sessions = Where you are signed in
sessions-hint = A session ends when you sign out, after an hour without use, and after twelve hours. End one that you do not know.
session-since = Signed in
session-seen = Last used
session-this = This browser
session-end = End this session
people = People
people-hint = Who acts for your party. Each signature bears the role and a hash of the person; only your own node can tell who it was.
people-unchanged = Nothing was changed
fault-person-name = Enter a name of 1 to 100 letters that nobody else has.
person-own = You
person-waiting = Has not chosen a passphrase
person-until = Until
person-change = Change
person-set-role = Change the role
person-invite = Invite anew
person-remove = Remove
person-add = Add and invite
person-who = A new person
role-head = Head
role-focal-point = Focal point
role-officer = Officer
role-reader = Reader
role-guest = Guest observer
role-hint-head = Does everything, also votes on the space itself.
role-hint-focal-point = Signs about commitments; invites officers, readers and guests.
role-hint-officer = Signs about commitments.
role-hint-reader = Reads everything, signs nothing.
role-hint-guest = From outside: reads the shared record for thirty days, not your inbox.
acted = by its { $role }
acted-own = by { $name }, { $role }

## The private desk

private = Your desk
private-only = Only your own people see this. It never leaves your node.
private-hint = Who looks after it and what you say about it among yourselves. Only your own people see this page; nothing of it leaves your node, is signed, or is part of the record.
private-open = Open your desk for it
private-count = { $count ->
    [0] no notes
    [one] { $count } note
   *[other] { $count } notes
 }
assignee = Looked after by
assignee-label = Who of you looks after it
assignee-none = nobody yet
assignee-all = everybody
assign = Keep
filter-show = Show
private-notes = Notes among yourselves
private-note = New note
private-keep = Keep the note
private-none = Nothing has been noted yet.
private-forget = Forget this note
fault-private-empty = Write the note first.
drafts = Drafts
drafts-hint = Terms that somebody of yours has typed and not signed. They are on your node alone; all who may sign about commitments can go on with them.
drafts-none = There are no drafts. A form of terms has a button that keeps it as one.
draft-keep = Keep as a draft
draft-kept = The draft is kept. Nothing was signed.
draft-by = Kept by
draft-go-on = Go on with it
draft-forget = Forget it
fault-draft-long = The texts are too long to be kept as a draft. Shorten them first.
fault-drafts-many = There are too many drafts. Forget some first.

## Search

search = Search
search-label = Words to look for
search-find = Find
search-hint = In titles, texts, notes, comments and names of parties and files. All words must be there; the beginning of a word is enough. Ways of writing the same letter make no difference.
search-none = Nothing was found. Try fewer words, or only the beginning of one.
search-unread = Some of what has arrived is still being read: search again in a moment.

## Stocktake

stocktake = Stocktake
count = { $count }
count-over = over { $count }
box-more = Show all of these
spaces-all = all spaces
waiting-days = { $days ->
    [one] waiting for 1 day
   *[other] waiting for { $days } days
 }
stock-open = { $count ->
    [0] Nothing is in force and still to be done.
    [one] 1 commitment is in force and still to be done.
   *[other] { $count } commitments are in force and still to be done.
 }
stock-overdue = { $count ->
    [0] None of what we owe or are owed is overdue.
    [one] 1 of what we owe or are owed is overdue.
   *[other] { $count } of what we owe or are owed are overdue.
 }
stock-answer = { $count ->
    [0] Nothing waits for our answer.
    [one] 1 waits for our answer.
   *[other] { $count } wait for our answer.
 }
stock-sent = { $count ->
    [one] 1 of our offers waits for others.
   *[other] { $count } of our offers wait for others.
 }
stock-disputed = { $count ->
    [one] 1 report is disputed.
   *[other] { $count } reports are disputed.
 }
stock-fulfilled = { $count ->
    [one] 1 commitment is fulfilled.
   *[other] { $count } commitments are fulfilled.
 }
stock-cancelled = { $count ->
    [one] 1 was ended by its debtor alone.
   *[other] { $count } were ended by their debtors alone.
 }
stock-decide = Needs our decision
stock-late = Overdue
stock-wait = Waits for others
stock-empty = There are no commitments yet. The first offer makes the first row.
stock-cut = There is so much that the table of what is stuck counts the first two thousand of each heap alone. All other numbers are whole.
table-between = What is stuck, and with whom
table-between-hint = Our party with each other. Days are those of the oldest that is overdue or unanswered there.
table-balance = Given, received, open
table-balance-hint = From whoever owes to whomever it is owed. A commitment with several creditors counts with each of them.
table-fields = By field
table-fields-hint = Each commitment once.
table-spaces = By space
table-spaces-hint = Each commitment once.
col-counterpart = Party
col-they-owe = Owes us
col-you-owe = We owe
col-late = overdue
col-on-you = Waits for us
col-on-them = Waits for them
col-days = Days
col-pair = From → to
col-field = Field
col-offered = Offered
col-open = Open
col-disputed = Disputed
col-fulfilled = Fulfilled
col-ended = Ended otherwise
label-field = Field (optional)
field-none = no field

## Many answers

answers = Answer several in one go
answers-hint = Choose an answer where you are sure, and leave the others for later. You read all of it once more before you sign, with one passphrase; each answer gets a signature of its own.
answers-all = Choose accept or confirm for all
answers-more = There are more; they come up when these are answered.
answers-count = { $count ->
    [one] 1 answer
   *[other] { $count } answers
 }
answers-each = Each answer is signed on its own. One that the rules refuse leaves the others alone.
answer-later = Later
answer-closed = This is not open any more: something else was signed meanwhile. It will not be signed.
fault-answers-none = Choose an answer for at least one row.
answers-signed = Several answers
answers-done = { $count ->
    [0] Nothing was signed.
    [one] 1 answer was signed.
   *[other] { $count } answers were signed.
 }
answers-refused = { $count ->
    [one] 1 was not signed; its row says why.
   *[other] { $count } were not signed; their rows say why.
 }

## The register

transcripts-heading = Follow-up register
transcripts-hint = What was promised before, or elsewhere: minutes, protocols, letters. You type it in and follow it up here, also while no other party has a node. Nobody else is bound by it; whether it is done you keep among yourselves.
transcripts-form-hint = Your party signs that this stands in the source that you name, nothing more. When the other side has joined, make an offer of it: only what both have signed binds both.
transcripts-add = Add to the follow-up register
transcripts-to = To the register
transcripts-title = What was promised
transcripts-source = Where it stands, for example the minutes and the item
transcripts-debtor = Who owes it, as written there (optional)
transcripts-creditor = To whom, as written there (optional)
transcripts-note = Further words (optional)
transcripts-when = By when (optional)
transcripts-open = { $count } open
transcripts-done = { $count } done
transcripts-is-done = Done
transcripts-done-by = Held to be done by
transcripts-set-done = It is done
transcripts-reopen = It is not done
transcripts-waits = { $count ->
    [one] 1 is open
   *[other] { $count } are open
 }, { $late } of them past their day.
fault-transcripts-missing = Fill this in.
sign-transcribe = { $party } records what stands elsewhere.
then-transcribe = It is in the register and comes up in your inbox by its day. Every party of the space can read it; it binds nobody but says who recorded it.
stock-register = { $count ->
    [one] 1 line of the register is open.
   *[other] { $count } lines of the register are open.
 }
stock-register-late = { $count ->
    [one] Of the register 1 is past its day.
   *[other] Of the register { $count } are past their day.
 }
table-transcripts = The follow-up register
table-transcripts-hint = What was transcribed from elsewhere, by who owes it as written there.
## Agreements

agreements = Agreements
agreements-none = No agreement has been offered in this space yet.
new-agreement = New agreement
clauses = Clauses
clause-number = Clause { $number }
clause-choice = Clause { $number } { $heading } — { $title }
clause-none = No clause of an agreement
clause-bare = No commitment yet
clauses-bare = { $count ->
    [one] Clause { $numbers } is in force and has led to no commitment yet.
   *[other] Clauses { $numbers } are in force and have led to no commitment yet.
 }
offer-under-clause = Offer a commitment under this clause
all-languages = All languages
text-languages = Languages of the text
language-en = English
language-fa = Persian
language-ru = Russian
language-be = Belarusian
language-ar = Arabic
language-none = Text
agreement-offered = Waits for signatures
agreement-not-agreed = Not agreed
agreement-in-force = In force
agreement-withdrawn = Being left
agreement-terminated = Ended by consent
agreement-in-force-now = In force
agreement-awaits-signature = The agreement is in force when every party has signed the same text.
agreement-awaits-change = The change is in force when every party has signed it. Until then the old text holds.
agreement-stands = Every party has signed this text.
agreement-is-left = Fewer than two parties stay. The agreement ends when the notice has run.
agreement-is-over = All parties have agreed to end it. What was promised under it stays promised until it is done or let go.
signed-by = Signed by
not-signed-by = Not signed yet by
row-parties = Between
row-withdrawal = Leaving it
row-preamble = Preamble
row-clause = Carries out
tag-terminate = End by consent
withdrawal-never = Nobody may leave while it lasts
withdrawal-consent = Only if every party signs that
withdrawal-notice = By notice
withdrawal-notice-of = { $days ->
    [one] With one day of notice
   *[other] With { $days } days of notice
 }
leaving-received = { $party } has withdrawn. { $by } received that on
leaving-until = so it stays bound until the end of
leaving-unseen = { $party } has withdrawn. Its notice begins when another party is known to have received that.
part-text = Text
text-hint = Paste or type the whole text. Each clause begins on a line of its own, with a word and its number:
text-sample = Article 1. Deliveries
text-languages-hint = What stands before the first clause is the preamble. Several languages stand beside each other with the same force: each must have the same clauses.
label-agreement-title = Title
label-agreement-text = Text
label-agreement-parties = The parties, each of which must sign
label-withdrawal = How a party may leave
label-notice-days = Days of notice
label-clause = Clause that it carries out
reason-sign-agreement = The text of an agreement waits for your signature.
reason-sign-amendment = A change of an agreement in force waits for your signature.
reason-sign-end = An offer to end an agreement waits for your signature.
do-agreement-new = Offer an agreement
do-agreement-counter = Offer another text
do-agreement-amend = Change the text
do-agreement-accept = Sign it
do-agreement-decline = Decline
do-agreement-lapse = Withdraw your offer
do-agreement-pass = Pass
do-agreement-withdraw = Leave the agreement
do-agreement-terminate = Offer to end it
hint-agreement-new = You put a text on the table. It is in force when every party has signed it.
hint-agreement-counter = Declines what is on the table and offers another text in its place.
hint-agreement-amend = You offer a changed text. What is in force holds until every party has signed the change.
hint-agreement-accept = Your signature under the whole text. It cannot be taken back.
hint-agreement-decline = The text does not come into force.
hint-agreement-lapse = Whoever signs before having seen that binds both sides.
hint-agreement-pass = Another party may offer next.
hint-agreement-withdraw = By your own act, with the notice that the agreement demands.
hint-agreement-terminate = It ends when every party has signed that.
then-agreement-new = The text goes to the other parties. It is in force when every one of them has signed it.
then-agreement-counter = What is on the table has failed. Your text goes to the other parties.
then-agreement-amend = The change goes to the other parties. Until every one has signed it, the old text holds.
then-agreement-accept = You are bound by this text as soon as every party has signed it. Nobody can take a signature back.
then-agreement-decline = This text fails. Any party can offer another one.
then-agreement-lapse = Your offer is gone for whoever has seen that. Whoever had signed before binds both sides.
then-agreement-pass = You give up your turn to offer in the next round.
then-agreement-withdraw = The notice begins when another party has received this. What you promised under the agreement stays promised until it is done or let go.
then-agreement-terminate = The agreement ends when every party has signed that. What was promised under it stays promised until it is done or let go.
sign-agreement-new = { $party } offers this agreement and signs it.
sign-agreement-counter = { $party } declines what is on the table and offers this text.
sign-agreement-amend = { $party } offers this text in place of the one before.
sign-agreement-accept = { $party } signs this text.
sign-agreement-decline = { $party } declines the text on the table.
sign-agreement-lapse = { $party } withdraws its offer.
sign-agreement-pass = { $party } passes.
sign-agreement-withdraw = { $party } leaves this agreement.
sign-agreement-terminate = { $party } offers to end this agreement.
fault-agreement-title = Enter a title in one language at least.
fault-agreement-text = Enter the text in one language at least.
fault-agreement-parties = Choose at least two parties.
fault-agreement-too-long = The texts are too long together. Attach annexes as files instead.
fault-no-clause = No clause was found. Begin each clause on a line of its own, such as “Article 1. Deliveries”.
fault-clause-twice = Two clauses have the number { $number }.
fault-clause-number = A clause has the number { $number }. Numbers go from 1 to 9999.
fault-clause-lacking = Clause { $number } is missing from the text in { $language }.
fault-clause = Choose a clause from the list.
fault-notice = Enter the days of notice as a number from 1 to 3650.
fault-withdrawal = Choose how a party may leave.

## Capabilities and needs

register = Capabilities and needs
register-lead = What each party says it can do and what it lacks. Nobody is bound by it; an offer of a commitment comes after.
register-none = Nobody has declared anything in this space yet. Say what your party can do or lacks: what meets it is then shown to both sides.
register-none-such = Nothing here is like that.
sort-capability = Capability
sort-need = Need
withdrawn = Withdrawn
withdrawn-text = Its author has taken it back. It no longer meets anything; the record keeps it.
filter = What is shown
filter-sort = Capability or need
filter-party = Party
filter-all = All
filter-do = Show
filter-none = Show all
row-field = Field
row-description = Description
row-achievement = Achieved so far
declaration-says = In its own words. It promises nothing, and nobody else has signed it.
beside = Evidence and comments
beside-none = Nobody has put evidence or a comment beside it.
versions = Versions
part-capability = What your party can do
part-need = What your party lacks
declare-titles-hint = A short name for it. One language is enough; with both, each side reads its own.
no-field = No field
choose-field = Choose a field
field-hint = What is of one field, or of a field and its group, is brought together. Choose the narrowest that fits.
description-hint = What it is, how much of it, and under which conditions.
label-achievement = Achieved so far (optional)
achievement-hint = Where it was done, for whom, with what result. Evidence can be put beside it afterwards.
correct-reason-hint = Why it changes. The earlier version stays in the record.
fault-field = Choose a field.
fault-description = Describe it, so that another party can tell whether it fits.
do-declare-capability = Declare a capability
do-declare-need = Declare a need
do-declare-again = Declare it again
do-correct = Correct it
do-withdraw = Take it back
hint-declare-capability = All parties of the space will read it. It promises nothing.
hint-declare-need = All parties of the space will read it. It promises nothing.
hint-declare-again = With the same words or others.
hint-correct = The earlier version stays in the record.
hint-withdraw = It will no longer meet anything.
sign-declare-capability = { $party } declares that it can do this.
sign-declare-need = { $party } declares that it lacks this.
sign-declare-again = { $party } declares this again.
sign-correct = { $party } corrects what it declared.
sign-withdraw = { $party } takes back what it declared.
then-declare-capability = All parties of the space receive it. Where another party lacks this, both sides see the match. Nobody is bound.
then-declare-need = All parties of the space receive it. Where another party can do this, both sides see the match. Nobody is bound.
then-declare-again = All parties of the space receive it, and it meets what others declared. Nobody is bound.
then-correct = All parties of the space receive the new words; the earlier version stays in the record.
then-withdraw = It no longer meets anything. Offers that came of it stay what they are. You can declare it again.
matches = Matches
matches-lead = Where your party can do what another lacks, or lacks what another can do. The other side sees the same.
matches-none = Nothing to match yet. Declare in a space what your party can do or lacks.
matches-none-here = Nothing of yours meets anything of others here yet.
matches-alone = Yours without a match
matches-alone-hint = No other party of the space has declared anything in the field of these.
matches-cut = There are more than this page shows. The register of the space is whole.
match-exact = Both are in the field { $name }.
match-within = The need is in { $need }, the capability in { $capability }: one lies within the other.
match-gain = { $creditor } would get what it lacks; { $debtor } would put what it can do to use, and would owe it.
match-offer = Offer a commitment from this match
match-cited = Meets the need “{ $need }” ({ $needid }) with the capability “{ $capability }” ({ $capabilityid }).
offer-from-match = Filled in from the match; change what does not fit, and enter the due date.

## Fields

in-field-1 = Natural sciences
in-field-1-1 = Mathematics
in-field-1-2 = Computer and information sciences
in-field-1-3 = Physical sciences
in-field-1-4 = Chemical sciences
in-field-1-5 = Earth and related environmental sciences
in-field-1-6 = Biological sciences
in-field-1-7 = Other natural sciences
in-field-2 = Engineering and technology
in-field-2-1 = Civil engineering
in-field-2-2 = Electrical engineering, electronic engineering, information engineering
in-field-2-3 = Mechanical engineering
in-field-2-4 = Chemical engineering
in-field-2-5 = Materials engineering
in-field-2-6 = Medical engineering
in-field-2-7 = Environmental engineering
in-field-2-8 = Environmental biotechnology
in-field-2-9 = Industrial biotechnology
in-field-2-10 = Nano-technology
in-field-2-11 = Other engineering and technologies
in-field-3 = Medical and health sciences
in-field-3-1 = Basic medicine
in-field-3-2 = Clinical medicine
in-field-3-3 = Health sciences
in-field-3-4 = Medical biotechnology
in-field-3-5 = Other medical science
in-field-4 = Agricultural and veterinary sciences
in-field-4-1 = Agriculture, forestry and fisheries
in-field-4-2 = Animal and dairy science
in-field-4-3 = Veterinary science
in-field-4-4 = Agricultural biotechnology
in-field-4-5 = Other agricultural sciences
in-field-5 = Social sciences
in-field-5-1 = Psychology and cognitive sciences
in-field-5-2 = Economics and business
in-field-5-3 = Education
in-field-5-4 = Sociology
in-field-5-5 = Law
in-field-5-6 = Political science
in-field-5-7 = Social and economic geography
in-field-5-8 = Media and communications
in-field-5-9 = Other social sciences
in-field-6 = Humanities and the arts
in-field-6-1 = History and archaeology
in-field-6-2 = Languages and literature
in-field-6-3 = Philosophy, ethics and religion
in-field-6-4 = Arts (arts, history of arts, performing arts, music)
in-field-6-5 = Other humanities
in-field-t = Trade
in-field-c = Corridors and transit
in-field-f = International forums
