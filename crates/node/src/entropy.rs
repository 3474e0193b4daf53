//! Randomness: the only file that asks for it.

/// Where keys, salts and secrets come from.
pub enum Entropy {
    /// The operating system.
    System,
    /// A seed and a counter: tests and the simulator.
    Seeded([u8; 32], u64),
}

impl Entropy {
    /// 32 fresh bytes.
    ///
    /// # Panics
    /// If the operating system has no randomness, as nothing can be signed safely then.
    #[must_use]
    pub fn bytes(&mut self) -> [u8; 32] {
        match self {
            Self::System => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).expect("the operating system gives randomness");
                bytes
            }
            Self::Seeded(seed, counter) => {
                *counter += 1;
                oplog::id::hash("peygir/test-entropy/0", &[seed.as_slice(), &counter.to_be_bytes()])
            }
        }
    }

    /// 16 fresh bytes.
    ///
    /// # Panics
    /// As [`Entropy::bytes`].
    #[must_use]
    pub fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0; 16];
        salt.copy_from_slice(&self.bytes()[..16]);
        salt
    }

    /// A fresh number.
    ///
    /// # Panics
    /// As [`Entropy::bytes`].
    #[must_use]
    pub fn number(&mut self) -> u64 {
        let bytes = self.bytes();
        u64::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]])
    }
}
