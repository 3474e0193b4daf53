//! What the rules look at: the crates with their dependencies, and the text of every file that is ours.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The endings of the files that are read, without the dot: the rules see no others.
pub(crate) const READ: [&str; 6] = ["rs", "md", "html", "toml", "sh", "py"];

/// The workspace as the rules see it.
pub(crate) struct Tree {
    pub(crate) packages: Vec<Package>,
    /// In the order of paths.
    pub(crate) files: Vec<File>,
}

/// A crate of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Its `Cargo.toml`, relative to the root.
    pub(crate) manifest: String,
    /// The names of what it is built with, development apart; crates from elsewhere included.
    pub(crate) dependencies: Vec<String>,
}

/// A text file.
pub(crate) struct File {
    /// Relative to the root, with `/` between folders.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// Whether the file has one of these endings, without the dot.
    pub(crate) fn ends_in(&self, endings: &[&str]) -> bool {
        ending(&self.path).is_some_and(|found| endings.contains(&found))
    }

    /// The lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

impl Tree {
    /// Reads the workspace that the current folder lies in.
    pub(crate) fn read() -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let metadata = output(Command::new(cargo).args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata = serde_json::from_str(&metadata).context("cannot read what cargo metadata says")?;
        let root = PathBuf::from(text(&metadata, "workspace_root")?);
        Ok(Self { packages: packages(&metadata)?, files: files(&root)? })
    }
}

fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let root = text(metadata, "workspace_root")?;
    list(metadata, "packages")?.iter().map(|package| read_package(package, root)).collect()
}

fn read_package(package: &Value, root: &str) -> Result<Package> {
    let manifest = text(package, "manifest_path")?;
    let mut dependencies = Vec::new();
    for dependency in list(package, "dependencies")? {
        // `kind` is null for an ordinary dependency, else "dev" or "build".
        if dependency["kind"] != "dev" {
            dependencies.push(text(dependency, "name")?.to_owned());
        }
    }
    Ok(Package {
        name: text(package, "name")?.to_owned(),
        manifest: manifest.strip_prefix(root).unwrap_or(manifest).trim_start_matches('/').to_owned(),
        dependencies,
    })
}

/// What git tracks and what it would track: build outputs are ignored there and so here.
fn files(root: &Path) -> Result<Vec<File>> {
    let listed = output(Command::new("git").current_dir(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
    ]))?;
    let mut files = Vec::new();
    for path in listed.split_terminator('\0') {
        // A file deleted but not yet committed is still listed.
        if ending(path).is_some_and(|found| READ.contains(&found)) && root.join(path).is_file() {
            let text =
                std::fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))?;
            files.push(File { path: path.to_owned(), text });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn ending(path: &str) -> Option<&str> {
    Path::new(path).extension()?.to_str()
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {}", complaint.trim());
    Ok(String::from_utf8(output.stdout)?)
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str> {
    value[key].as_str().with_context(|| format!("cargo metadata gives no text {key}"))
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key].as_array().with_context(|| format!("cargo metadata gives no list {key}"))
}

#[cfg(test)]
impl Package {
    pub(crate) fn new(name: &str, dependencies: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            dependencies: dependencies.iter().map(ToString::to_string).collect(),
        }
    }
}

#[cfg(test)]
impl File {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Package, Tree, packages};
    use serde_json::json;

    #[test]
    fn development_dependencies_are_left_out_and_others_kept() {
        let metadata = json!({
            "workspace_root": "/somewhere",
            "packages": [{
                "name": "web",
                "manifest_path": "/somewhere/crates/web/Cargo.toml",
                "dependencies": [
                    {"name": "node", "kind": null, "rename": "renamed"},
                    {"name": "cc", "kind": "build"},
                    {"name": "store", "kind": "dev"},
                ],
            }],
        });
        assert_eq!(packages(&metadata).unwrap(), [Package::new("web", &["node", "cc"])]);
    }

    #[test]
    fn metadata_of_another_shape_is_an_error() {
        assert!(packages(&json!({})).is_err());
        assert!(packages(&json!({"workspace_root": "/x", "packages": [{}]})).is_err());
    }

    #[test]
    fn this_workspace_is_read_without_its_build_outputs() {
        let tree = Tree::read().unwrap();
        assert!(tree.packages.iter().any(|package| package.name == "xtask"));
        assert!(tree.files.iter().any(|file| file.path == "xtask/src/tidy/tree.rs"));
        assert!(!tree.files.iter().any(|file| file.path.starts_with("target/")));
        assert!(tree.files.is_sorted_by(|a, b| a.path < b.path));
    }
}
