//! A browser without a screen: it keeps a cookie, reads forms out of pages, and sends them as browsers do.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use tower::ServiceExt as _;

use crate::world::PASSPHRASE;

/// The most bytes of a page that a test reads.
const PAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// An answer.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

pub(crate) struct Browser {
    router: Router,
    host: String,
    pub(crate) cookie: Option<String>,
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

/// The value of an attribute of a tag's text.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = &tag[tag.find(&format!(" {name}=\""))? + name.len() + 3..];
    Some(plain(&rest[..rest.find('"')?]))
}

impl Page {
    /// The page without isolation marks, for comparing sentences.
    pub(crate) fn words(&self) -> String {
        plain(&self.body.replace("<bdi>", "").replace("</bdi>", "").replace("<bdi dir=\"ltr\">", ""))
    }

    pub(crate) fn links(&self) -> Vec<String> {
        let tags = self.body.split("<a ").skip(1);
        tags.filter_map(|rest| attribute(&format!(" {}", rest.split('>').next()?), "href")).collect()
    }

    pub(crate) fn link_to(&self, part: &str) -> String {
        let found = self.links().into_iter().find(|link| link.contains(part));
        found.unwrap_or_else(|| panic!("no link to {part} on {}: {:?}", self.path, self.links()))
    }

    /// What the last form of the page would send, the button apart.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let form = self.body.rsplit("<form ").next().unwrap().split("</form>").next().unwrap();
        let mut fields = Vec::new();
        let mut rest = form;
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
            let name = attribute(tag, "name");
            if tag.starts_with("input") {
                let picks = tag.contains("\"radio\"") || tag.contains("\"checkbox\"");
                if !picks || tag.ends_with(" checked") {
                    fields.extend(name.map(|name| (name, attribute(tag, "value").unwrap_or_default())));
                }
            } else if tag.starts_with("textarea") {
                let text = rest.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
                fields.extend(name.map(|name| (name, plain(text.strip_prefix('\n').unwrap_or(text)))));
            } else if tag.starts_with("select") {
                let options = rest.split("</select>").next().unwrap();
                let chosen = options.split("<option").find(|option| option.contains(" selected>"));
                fields.extend(name.zip(chosen.and_then(|option| attribute(option, "value"))));
            }
        }
        fields
    }

    pub(crate) fn field(&self, name: &str) -> String {
        let found = self.fields().into_iter().find(|(held, _)| held == name);
        found.unwrap_or_else(|| panic!("no field {name} on {}", self.path)).1
    }
}

/// Fields as browsers encode them.
pub(crate) fn encode(fields: &[(String, String)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        text.append_pair(name, &value.replace('\n', "\r\n"));
    }
    text.finish()
}

/// A form with a file, and its type. As browsers do, quotes and line ends in names are written as percents.
pub(crate) fn multipart(
    fields: &[(String, String)],
    (name, media, text): (&str, &str, &str),
) -> (String, String) {
    let written = |name: &str| name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let mut body = String::new();
    for (field, value) in fields {
        let value = value.replace('\n', "\r\n");
        body.push_str(&format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {media}\r\n\r\n{text}\r\n--edge--\r\n",
        written(name)
    ));
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

impl Browser {
    pub(crate) fn new(router: Router, address: SocketAddr) -> Self {
        Self { router, host: address.to_string(), cookie: None }
    }

    /// Sends a request as it stands; whatever `headers` name replaces what a browser would say.
    pub(crate) async fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Page {
        let mut all = vec![("host", self.host.clone())];
        if method == "POST" {
            all.push(("content-type", "application/x-www-form-urlencoded".to_owned()));
            all.push(("sec-fetch-site", "same-origin".to_owned()));
            // As Chromium does under a policy of no referrer.
            all.push(("origin", "null".to_owned()));
        }
        all.extend(self.cookie.clone().map(|cookie| ("cookie", cookie)));
        all.retain(|(name, _)| !headers.iter().any(|(held, _)| held == name));
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &all {
            request = request.header(*name, value);
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let headers = response.headers().clone();
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        if let Some(set) = text("set-cookie") {
            let pair = set.split(';').next().unwrap().to_owned();
            self.cookie = if pair.ends_with('=') { None } else { Some(pair) };
        }
        let (status, location) = (response.status().as_u16(), text("location").unwrap_or_default());
        let bytes = to_bytes(response.into_body(), PAGE_BYTES_MAX).await.unwrap();
        Page {
            path: path.to_owned(),
            status,
            location,
            headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.request("GET", path, &[], String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        let mut fields = fields.to_vec();
        // Whoever signs enters the passphrase that the page asks for.
        let signs = fields.contains(&("step".to_owned(), "sign".to_owned()));
        for (_, value) in
            fields.iter_mut().filter(|(name, value)| signs && name == "passphrase" && value.is_empty())
        {
            PASSPHRASE.clone_into(value);
        }
        self.request("POST", path, &[], encode(&fields)).await
    }

    /// Sends the form of a page with a file in it, as browsers send such forms.
    pub(crate) async fn upload(
        &mut self,
        page: &Page,
        file: (&str, &str, &str),
        typed: &[(&str, &str)],
    ) -> Page {
        let mut fields = page.fields();
        fields.retain(|(name, _)| name != "file" && !typed.iter().any(|(held, _)| held == name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields.push(("step".to_owned(), "preview".to_owned()));
        let (kind, body) = multipart(&fields, file);
        self.request("POST", &page.path, &[("content-type", &kind)], body).await
    }

    /// Fills in the form by which one signs in.
    pub(crate) async fn sign_in(&mut self, lang: &str, name: &str, passphrase: &str) -> Page {
        let fields = [("name", name), ("passphrase", passphrase)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.post(&format!("/{lang}/sign-in"), &fields).await
    }

    /// Fills the form of a page in and asks to see what would be signed.
    pub(crate) async fn send(&mut self, page: &Page, typed: &[(&str, &str)]) -> Page {
        let mut fields = page.fields();
        fields.retain(|(name, _)| !typed.iter().any(|(held, _)| held == name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields.push(("step".to_owned(), "preview".to_owned()));
        self.post(&page.path, &fields).await
    }

    /// Presses a button of a page's form.
    pub(crate) async fn press(&mut self, page: &Page, step: &str) -> Page {
        let mut fields = page.fields();
        fields.push(("step".to_owned(), step.to_owned()));
        self.post(&page.path, &fields).await
    }

    /// Goes through a form and its preview, and gives the page that says what was signed.
    pub(crate) async fn sign(&mut self, path: &str, typed: &[(&str, &str)]) -> Page {
        let form = self.get(path).await;
        assert_eq!(form.status, 200, "{path}: {}", form.body);
        let form = Page { path: path.split('?').next().unwrap().to_owned(), ..form };
        let preview = self.send(&form, typed).await;
        assert_eq!(preview.status, 200, "{path}: {}", preview.body);
        let signed = self.press(&preview, "sign").await;
        assert_eq!(signed.status, 303, "{path}: {}", signed.body);
        self.get(&signed.location).await
    }
}
