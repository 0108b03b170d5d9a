//! Bits put one after another, lowest first, as deflate wants them.

/// A writer that appends to bytes. Fewer than eight bits wait at any time between calls.
pub(super) struct Bits<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) waiting: u64,
    pub(super) count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Bits {
            out,
            waiting: 0,
            count: 0,
        }
    }

    /// Appends the lowest `count` bits, at most 32; those above must be zero.
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        self.waiting |= u64::from(bits) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.byte();
        }
    }

    /// Fills up the last byte with zeros.
    pub(super) fn align(&mut self) {
        if self.count > 0 {
            self.byte();
            self.count = 0;
        }
    }

    /// Appends bytes as they are, in blocks that say so. A block holds less than 64 KiB; no bytes are one block too.
    pub(super) fn stored(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            let (block, after) = rest.split_at(rest.len().min(usize::from(u16::MAX)));
            let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
            self.put(0, 3);
            self.align();
            self.out.extend(length.to_le_bytes());
            self.out.extend((!length).to_le_bytes());
            self.out.extend_from_slice(block);
            rest = after;
            if rest.is_empty() {
                return;
            }
        }
    }

    /// Ends at a byte's edge, by an empty block where it isn't at one.
    pub(super) fn sync(&mut self) {
        if self.count > 0 {
            self.stored(&[]);
        }
    }

    fn byte(&mut self) {
        let [lowest, ..] = self.waiting.to_le_bytes();
        self.out.push(lowest);
        self.waiting >>= 8;
        self.count = self.count.saturating_sub(8);
    }
}
