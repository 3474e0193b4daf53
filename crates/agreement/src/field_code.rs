//! The one list of fields: OECD's fields of research and development, and trade, transit and international forums.

/// A field of the list, by its place there. The order is that of the list: a group stands before its fields.
///
/// Source of 1 to 6 and what is within them: OECD, Frascati Manual 2015, table 2.2. T, C and F are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldCode(u8);

const FIELDS: [(&str, &str); 51] = [
    ("1", "Natural sciences"),
    ("1.1", "Mathematics"),
    ("1.2", "Computer and information sciences"),
    ("1.3", "Physical sciences"),
    ("1.4", "Chemical sciences"),
    ("1.5", "Earth and related environmental sciences"),
    ("1.6", "Biological sciences"),
    ("1.7", "Other natural sciences"),
    ("2", "Engineering and technology"),
    ("2.1", "Civil engineering"),
    ("2.2", "Electrical engineering, electronic engineering, information engineering"),
    ("2.3", "Mechanical engineering"),
    ("2.4", "Chemical engineering"),
    ("2.5", "Materials engineering"),
    ("2.6", "Medical engineering"),
    ("2.7", "Environmental engineering"),
    ("2.8", "Environmental biotechnology"),
    ("2.9", "Industrial biotechnology"),
    ("2.10", "Nano-technology"),
    ("2.11", "Other engineering and technologies"),
    ("3", "Medical and health sciences"),
    ("3.1", "Basic medicine"),
    ("3.2", "Clinical medicine"),
    ("3.3", "Health sciences"),
    ("3.4", "Medical biotechnology"),
    ("3.5", "Other medical science"),
    ("4", "Agricultural and veterinary sciences"),
    ("4.1", "Agriculture, forestry and fisheries"),
    ("4.2", "Animal and dairy science"),
    ("4.3", "Veterinary science"),
    ("4.4", "Agricultural biotechnology"),
    ("4.5", "Other agricultural sciences"),
    ("5", "Social sciences"),
    ("5.1", "Psychology and cognitive sciences"),
    ("5.2", "Economics and business"),
    ("5.3", "Education"),
    ("5.4", "Sociology"),
    ("5.5", "Law"),
    ("5.6", "Political science"),
    ("5.7", "Social and economic geography"),
    ("5.8", "Media and communications"),
    ("5.9", "Other social sciences"),
    ("6", "Humanities and the arts"),
    ("6.1", "History and archaeology"),
    ("6.2", "Languages and literature"),
    ("6.3", "Philosophy, ethics and religion"),
    ("6.4", "Arts (arts, history of arts, performing arts, music)"),
    ("6.5", "Other humanities"),
    ("T", "Trade"),
    ("C", "Corridors and transit"),
    ("F", "International forums"),
];

impl FieldCode {
    /// Every field, in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).map(Self).take(FIELDS.len())
    }

    /// The field of a code, as in `2.10` or `T`.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::all().find(|field| field.code() == code)
    }

    /// The field at a place of the list, counted from 0.
    #[must_use]
    pub fn at(place: usize) -> Option<Self> {
        Self::all().nth(place)
    }

    /// Its place in the list, counted from 0.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        FIELDS[self.place()].0
    }

    /// Its name in English.
    #[must_use]
    pub fn name(self) -> &'static str {
        FIELDS[self.place()].1
    }

    /// The group it is in; a group is in itself.
    #[must_use]
    pub fn group(self) -> Self {
        let groups = Self::all().take(self.place() + 1).filter(|field| !field.code().contains('.'));
        groups.last().unwrap_or(self)
    }

    /// Whether it is a group, with or without fields in it.
    #[must_use]
    pub fn is_group(self) -> bool {
        !self.code().contains('.')
    }

    /// Whether it is `other` or lies in the group `other`.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        self == other || self.group() == other
    }

    /// The last field of the list that is within this one.
    #[must_use]
    pub fn last_within(self) -> Self {
        Self::all().filter(|field| field.is_within(self)).last().unwrap_or(self)
    }
}

impl std::fmt::Display for FieldCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(code: &str) -> FieldCode {
        FieldCode::of_code(code).unwrap()
    }

    #[test]
    fn a_field_is_within_its_group_and_in_no_field_whose_code_begins_alike() {
        assert!(field("2.10").is_within(field("2")) && field("2").is_within(field("2")));
        assert!(!field("2.10").is_within(field("2.1")) && !field("2").is_within(field("2.1")));
        assert!(!field("T").is_within(field("C")) && field("T").is_group());
    }

    #[test]
    fn the_list_is_whole_without_doubles_and_each_group_stands_before_its_fields() {
        let groups = FieldCode::all().filter(|field| field.is_group());
        let sizes: Vec<_> = groups
            .map(|group| {
                let within: Vec<_> = FieldCode::all().filter(|field| field.is_within(group)).collect();
                assert_eq!(within.len(), group.last_within().place() - group.place() + 1);
                (group.code(), within.len() - 1)
            })
            .collect();
        let oecd = [("1", 7), ("2", 11), ("3", 5), ("4", 5), ("5", 9), ("6", 5)];
        assert_eq!(sizes, [oecd.as_slice(), &[("T", 0), ("C", 0), ("F", 0)]].concat());
        for field in FieldCode::all() {
            assert_eq!(FieldCode::of_code(field.code()), Some(field));
            assert_eq!(FieldCode::at(field.place()), Some(field));
        }
        for wrong in ["", "7", "2.12", "t", "2.", "2.1 "] {
            assert_eq!(FieldCode::of_code(wrong), None);
        }
    }
}
