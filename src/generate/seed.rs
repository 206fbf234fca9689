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

    /// A keyed permutation of the numbers of twice `HALF` bits: no two are equal and none tells which it was.
    ///
    /// A Feistel network of six rounds over two halves: a permutation whatever its round function is.
    pub fn permute<const HALF: u32>(&self, number: u64) -> u64 {
        let mask = (1u64 << HALF) - 1;
        let key = self.key_bits();
        let (mut left, mut right) = (number >> HALF & mask, number & mask);
        for round in 0..6 {
            // SplitMix64's finaliser (Steele, Lea, Flood 2014) as the round function.
            let mut mixed = (key ^ (round << 32) ^ right).wrapping_add(0x9E37_79B9_7F4A_7C15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (left, right) = (right, left ^ ((mixed ^ (mixed >> 31)) & mask));
        }
        left << HALF | right
    }

    /// 64 bits of the key, for keyed permutations.
    pub fn key_bits(&self) -> u64 {
        self.key[..8].iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    }
}
