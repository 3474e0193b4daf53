//! Results by idempotency id, kept in the transaction of what they name.

use crate::{Result, Store};

impl Store {
    /// The body hash and the result of a request that was carried out.
    ///
    /// # Errors
    /// The database refuses.
    pub fn request(&self, id: &str) -> Result<Option<([u8; 32], Vec<u8>)>> {
        self.first("SELECT body, result FROM request WHERE id = ?1", &[id.into()], |row| {
            Ok((row.some_id(0)?, row.blob(1)?))
        })
    }

    /// Keeps a request's result.
    ///
    /// # Errors
    /// The database refuses, also when the id is in use.
    pub fn add_request(&self, id: &str, body: &[u8; 32], result: &[u8], at_ms: u64) -> Result<()> {
        let params = [id.into(), body.as_slice().into(), result.into(), at_ms.into()];
        self.execute("INSERT INTO request (id, body, result, at_ms) VALUES (?1, ?2, ?3, ?4)", &params)
            .map(drop)
    }
}
