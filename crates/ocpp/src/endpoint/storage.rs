//! Where the queue's records are kept: the application's flash, file or database, or memory.

/// Where the application keeps the queue: an ordered list of byte records that survives a restart.
pub trait Storage {
    /// What can go wrong.
    type Error;
    /// How many records there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Adds a record at the end.
    ///
    /// # Errors
    /// The storage's own; the record is then not kept.
    fn append(&mut self, record: &[u8]) -> Result<(), Self::Error>;
    /// Copies the record of this index (0: the oldest) into the buffer.
    ///
    /// # Errors
    /// The storage's own, also when there is no such record or the buffer is too short.
    fn peek<'b>(&self, index: usize, buffer: &'b mut [u8]) -> Result<&'b [u8], Self::Error>;
    /// Removes the oldest record.
    ///
    /// # Errors
    /// The storage's own.
    fn pop(&mut self) -> Result<(), Self::Error>;
    /// Replaces the record of this index, wholly or not at all.
    ///
    /// # Errors
    /// The storage's own; the old record then stays.
    fn patch(&mut self, index: usize, record: &[u8]) -> Result<(), Self::Error>;
}

/// A record that cannot be had from memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// There are not so many records.
    #[error("no record {index}")]
    Absent {
        /// Index asked for, from 0.
        index: usize,
    },
    /// The buffer cannot hold the record.
    #[error("a record of {expected} bytes does not fit into {actual}")]
    TooLong {
        /// Length of the record, bytes.
        expected: usize,
        /// Length of the buffer, bytes.
        actual: usize,
    },
}

/// Records in memory, for tests and simulators: they do not survive a restart, as a charging station's must.
#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
impl Storage for alloc::collections::VecDeque<alloc::vec::Vec<u8>> {
    type Error = RecordError;

    fn len(&self) -> usize {
        self.len()
    }

    fn append(&mut self, record: &[u8]) -> Result<(), RecordError> {
        self.push_back(record.to_vec());
        Ok(())
    }

    fn peek<'b>(&self, index: usize, buffer: &'b mut [u8]) -> Result<&'b [u8], RecordError> {
        let record = self.get(index).ok_or(RecordError::Absent { index })?;
        let too_long = RecordError::TooLong { expected: record.len(), actual: buffer.len() };
        let room = buffer.get_mut(..record.len()).ok_or(too_long)?;
        room.copy_from_slice(record);
        Ok(room)
    }

    fn pop(&mut self) -> Result<(), RecordError> {
        self.pop_front().map(|_| ()).ok_or(RecordError::Absent { index: 0 })
    }

    fn patch(&mut self, index: usize, record: &[u8]) -> Result<(), RecordError> {
        *self.get_mut(index).ok_or(RecordError::Absent { index })? = record.to_vec();
        Ok(())
    }
}
