//! A file on its way into the record, and out of it: kept by the node between the form and the signature, and handed out
//! so that nothing in it is ever shown or run.

use agreement::{Content, FieldTag};
use axum::body::Body;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use futures_util::stream;
use node::oplog::{ContentHash, EntryId};
use node::{Chosen, ContentState};

use super::Row;
use crate::error::Trouble;
use crate::fields::{CHOSEN, Fields, REQUEST};
use crate::markup::Markup;
use crate::reader::Reader;
use crate::visit::Visit;

/// How much of a file is read at a time when it is handed out.
const PART_BYTES: usize = 256 * 1024;
/// What a file may do in a browser that shows it in spite of all: nothing.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'";

/// The file of a form.
pub(super) enum Held {
    /// None was chosen.
    None,
    /// It is here.
    Here(Chosen),
    /// It was chosen and is not kept any more: it was signed, or it waited too long.
    Gone,
}

/// Keeps the file that came with a form until it is signed, or finds the one that came before; the form then names it.
pub(super) async fn held(visit: &mut Visit, fields: &mut Fields) -> Result<Held, Trouble> {
    let visitor = visit.visitor.clone();
    if let Some(upload) = visit.upload.take() {
        let file = Chosen { name: upload.name, media: upload.media, bytes: upload.bytes };
        let id = visit.desk.ask(move |node| {
            let may = node.keep_desk(&visitor)?;
            node.choose_file(&may, file)
        });
        fields.set(CHOSEN, &id.await?);
    }
    let id = fields.first(CHOSEN).to_owned();
    if id.is_empty() {
        return Ok(Held::None);
    }
    let visitor = visit.visitor.clone();
    let found = visit.desk.ask(move |node| {
        let may = node.keep_desk(&visitor)?;
        node.chosen_file(&may, &id)
    });
    Ok(found.await?.map_or(Held::Gone, Held::Here))
}

/// Where a form leads that was signed before with a file that was forgotten then.
pub(super) async fn signed_before(visit: &Visit, fields: &Fields) -> Result<Option<Response>, Trouble> {
    let request = fields.first(REQUEST).to_owned();
    let to = visit.to(&format!("signed/{request}"));
    let done = visit.desk.ask(move |node| node.done_before(&request)).await?;
    Ok(done.map(|_| Redirect::to(&to).into_response()))
}

/// Forgets the file of a form, after it was signed.
pub(super) async fn forget(visit: &Visit, fields: &Fields) -> Result<(), Trouble> {
    let id = fields.first(CHOSEN).to_owned();
    if id.is_empty() {
        return Ok(());
    }
    let visitor = visit.visitor.clone();
    let forgotten = visit.desk.ask(move |node| {
        let may = node.keep_desk(&visitor)?;
        node.forget_file(&may, &id)
    });
    forgotten.await
}

/// A content that carries a file.
pub(super) fn carrying(content: Content, file: Chosen) -> Content {
    let content = content.with(FieldTag::FileName, "", &file.name).with(FieldTag::MediaType, "", &file.media);
    Content { attachment: file.bytes, ..content }
}

/// A file by its name and size.
pub(super) fn named(reader: Reader, file: &Chosen) -> Markup {
    Markup::name(&file.name)
        .and(&Markup::isolating("("))
        .and(&reader.count("bytes", file.bytes.len()))
        .and(&Markup::isolating(")"))
}

/// What is to be known of a file before it is signed.
pub(super) fn rows(reader: Reader, file: &Chosen) -> Vec<Row> {
    let row = |id: &str, value| Row { label: reader.say(id), value, was: None };
    let hash = ContentHash::of(&file.bytes).to_string();
    vec![
        row("field-file-name", Markup::name(&file.name)),
        row("file-size", reader.count("bytes", file.bytes.len())),
        row("field-media-type", Markup::code(&file.media)),
        row("file-hash", Markup::code(&hash)),
    ]
}

/// A file's name as a header carries it: in letters that every browser reads, and whole.
fn disposition(name: &str) -> Option<HeaderValue> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let ascii: String = name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        match char::from(byte) {
            letter if plain(letter) => whole.push(letter),
            _ => whole.push_str(&format!("%{byte:02X}")),
        }
    }
    HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{whole}")).ok()
}

/// `GET /{lang}/entries/{entry}/file`: to be kept, never to be shown.
pub(crate) async fn hand_out(
    visit: Visit,
    Path((_, entry)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let entry: EntryId = entry.parse().map_err(|_| Trouble::Missing)?;
    let (_, view) = visit.desk.ask(move |node| node.entry(entry)).await?;
    let shared = view.content_state == Some(ContentState::Present)
        || view.content_state == Some(ContentState::Withheld)
            && view.party == visit.desk.ask(|node| Ok(node.party())).await?;
    let content = view.content.filter(|_| view.file_bytes > 0 && shared).ok_or(Trouble::Missing)?;
    // Again without what hides or steers: a peer may have signed any name.
    let name = node::plain_file_name(content.text(FieldTag::FileName, "").unwrap_or_default());
    let (desk, whole) = (visit.desk.clone(), view.file_bytes);
    let parts = stream::unfold(0_u64, move |at| {
        let desk = desk.clone();
        async move {
            if at >= whole {
                return None;
            }
            let part = desk.ask(move |node| node.file_part(entry, at, PART_BYTES)).await;
            // What was erased meanwhile ends the answer before its length, so that nobody takes it for whole.
            let part = part.ok().filter(|part| !part.is_empty()).ok_or(std::io::ErrorKind::UnexpectedEof);
            let next = part.as_ref().map_or(whole, |part| at + part.len() as u64);
            Some((part.map_err(std::io::Error::from), next))
        }
    });
    let disposition = disposition(&name).ok_or(Trouble::Missing)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_LENGTH, HeaderValue::from(whole)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let said = |name: &str| disposition(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(said("act 17.pdf"), "attachment; filename=\"act_17.pdf\"; filename*=UTF-8''act%2017.pdf");
        assert_eq!(
            said("a\";x=\"b\r\n"),
            "attachment; filename=\"a__x__b__\"; filename*=UTF-8''a%22%3Bx%3D%22b%0D%0A"
        );
        assert!(said("صورت.pdf").ends_with("UTF-8''%D8%B5%D9%88%D8%B1%D8%AA.pdf"));
    }
}
