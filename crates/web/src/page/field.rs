//! Fields of the one list: their names, and the choice among them.

use agreement::FieldCode;

use crate::markup::Markup;
use crate::reader::Reader;

/// A field to choose.
pub(super) struct Choice {
    pub(super) code: &'static str,
    pub(super) name: String,
    pub(super) chosen: bool,
}

/// A group of fields to choose from; the group itself stands first.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) fields: Vec<Choice>,
}

/// The name of a field.
pub(super) fn name(reader: Reader, field: FieldCode) -> String {
    reader.say(&format!("in-field-{}", field.code().replace('.', "-").to_lowercase()))
}

/// A field with its code, as facts show it; a code that the list does not have, as it stands.
pub(super) fn shown(reader: Reader, code: &str) -> Markup {
    match FieldCode::of_code(code) {
        Some(field) => Markup::code(field.code()).and(&Markup::isolating(&name(reader, field))),
        None => Markup::text(code),
    }
}

/// All fields, with the chosen one marked.
pub(super) fn groups(reader: Reader, chosen: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for field in FieldCode::all() {
        let code = field.code();
        let choice = Choice { code, name: name(reader, field), chosen: code == chosen };
        if field.is_group() {
            groups.push(Group { name: choice.name.clone(), fields: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.fields.push(choice);
        }
    }
    groups
}
