//! Public scheduling instances, read.

use crate::beside::beside;
use calendar::CivilDay;
use forecast::{Bounds, Commitment, CommitmentId, Length, Link, LinkKind, PartyId, Programme};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A scheduling problem of the literature.
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) programme: Programme,
    /// Start to start at the least: place, place, days. Also those backwards, which are maximum lags.
    pub(crate) arcs: Vec<(usize, usize, i32)>,
}

/// The files of an archive, in a folder that goes away.
pub(crate) fn extracted(archive: &str) -> Option<tempfile::TempDir> {
    let archive = beside(archive)?;
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder.path()).status().unwrap();
    assert!(done.success());
    Some(folder)
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<_> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let mut files: Vec<_> = entries(folder)
        .iter()
        .filter(|path| path.is_dir())
        .flat_map(|path| entries(path))
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    files.sort();
    files
}

fn numbers(line: &str) -> Vec<i32> {
    line.split_whitespace().filter_map(|word| word.trim_matches(['[', ']']).parse().ok()).collect()
}

fn place(number: i32) -> usize {
    number.try_into().unwrap()
}

fn commitment(id: usize, days: i32) -> Commitment {
    let length = if days == 0 { Length::Milestone } else { Length::Days(days) };
    Commitment { id: CommitmentId(id as u64), party: PartyId(0), length, bounds: Bounds::default() }
}

fn link(from: usize, kind: LinkKind, to: usize, lag_days: i32) -> Link {
    Link { from: CommitmentId(from as u64), to: CommitmentId(to as u64), kind, lag_days }
}

fn start() -> CivilDay {
    CivilDay::from_days(0).unwrap()
}

/// Every `.sm` file, with the `MPM-Time` that it states.
pub(crate) fn instances_psplib(folder: &Path) -> Vec<(Instance, i32)> {
    files(folder, "sm").iter().map(|file| psplib(file)).collect()
}

fn psplib(file: &Path) -> (Instance, i32) {
    let text = std::fs::read_to_string(file).unwrap();
    let section = |title: &str, header_lines: usize| {
        let lines = text.lines().skip_while(|line| !line.starts_with(title)).skip(1 + header_lines);
        lines.take_while(|line| !line.starts_with("***")).map(numbers).collect::<Vec<_>>()
    };
    let stated = section("PROJECT INFORMATION", 1)[0][5];
    let commitments: Vec<_> =
        section("REQUESTS/DURATIONS", 2).iter().map(|row| commitment(place(row[0]), row[2])).collect();
    let mut links = Vec::new();
    for row in section("PRECEDENCE RELATIONS", 1) {
        assert_eq!(place(row[2]), row.len() - 3);
        links.extend(row[3..].iter().map(|to| link(place(row[0]), LinkKind::FinishStart, place(*to), 0)));
    }
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let programme = Programme { start: start(), commitments, links };
    (Instance { name, programme, arcs: Vec::new() }, stated)
}

/// Whether an arc is a minimum lag. One of 0 days may as well be the way back of a pair that starts on one day, so
/// only the source's count.
pub(crate) fn is_minimum(arc: &(usize, usize, i32)) -> bool {
    arc.2 > 0 || (arc.2 == 0 && arc.0 == 0)
}

/// Every `.SCH` file: all lags from start to start; minimum lags become links.
pub(crate) fn instances_max(folder: &Path) -> Vec<Instance> {
    files(folder, "SCH").iter().map(|file| max(file)).collect()
}

fn max(file: &Path) -> Instance {
    let text = std::fs::read_to_string(file).unwrap();
    let rows: Vec<_> = text.lines().map(numbers).collect();
    let count = place(rows[0][0]) + 2;
    let mut arcs = Vec::new();
    for row in &rows[1..=count] {
        let (to, lags) = row[3..].split_at(place(row[2]));
        assert_eq!(to.len(), lags.len());
        arcs.extend(to.iter().zip(lags).map(|(to, lag)| (place(row[0]), place(*to), *lag)));
    }
    let commitments =
        rows[count + 1..=2 * count].iter().map(|row| commitment(place(row[0]), row[2])).collect();
    let minimum = arcs.iter().filter(|arc| is_minimum(arc));
    let links = minimum.map(|(from, to, lag)| link(*from, LinkKind::StartStart, *to, *lag)).collect();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    Instance { name, programme: Programme { start: start(), commitments, links }, arcs }
}
