//! Where chance comes from: one named stream for every concern, opened at any customer.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

use super::draw::Draw;

/// The seed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// A concern's stream of chance: `seed` and the concern's name make the key, a customer's index the position.
///
/// Concerns draw from streams of their own, so that a new one changes nothing of what was there.
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u8; 32],
}

impl Seed {
    pub fn stream(self, name: &str) -> Stream {
        let hash = Sha256::new().chain_update(self.0.to_le_bytes()).chain_update(name.as_bytes()).finalize();
        Stream { key: hash.into() }
    }
}

impl Stream {
    /// The stream's draws for `index`, from the first.
    pub fn at(&self, index: u64) -> Draw {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream(index);
        Draw::new(rng)
    }

    /// 64 bits of the key, for keyed permutations.
    pub fn key_bits(&self) -> u64 {
        self.key[..8].iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    }
}
