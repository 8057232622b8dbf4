//! Where the prints of a kernel go and where `input()` comes from. In: bytes. Out: `Console` and the process's own.

use std::io::{self, BufRead as _, ErrorKind, IsTerminal as _, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The two streams a kernel writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What `print` writes.
    Out,
    /// What `print(…, file=sys.stderr)` writes.
    Err,
}

/// What stands for a kernel's terminal.
pub trait Console: Send + Sync {
    /// Takes bytes of one stream, in order; none at all where the kernel flushes it. An error ends the call with
    /// [`Error::Console`](crate::Error::Console).
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()>;

    /// The next line for `input()`, with its line break; `None` at the end.
    fn read_line(&self) -> io::Result<Option<String>> {
        Ok(None)
    }
}

/// The process's own streams. Output is buffered as Python does it: by line on a terminal, else by block, and
/// written before anything goes to stderr or is read from stdin.
#[derive(Default)]
pub struct ProcessConsole {
    pending: Mutex<Vec<u8>>,
}

/// Bytes that are kept back at most where stdout is not a terminal.
const BLOCK: usize = 1 << 16;

impl ProcessConsole {
    /// Writes what is kept back.
    pub fn flush(&self) -> io::Result<()> {
        flush(&mut self.pending())
    }

    /// As `flush`, but does nothing if a write is going on at this moment, which may never end.
    pub fn try_flush(&self) -> io::Result<()> {
        self.pending.try_lock().map_or(Ok(()), |mut pending| flush(&mut pending))
    }

    fn pending(&self) -> MutexGuard<'_, Vec<u8>> {
        // Bytes are bytes: a panic elsewhere cannot have left them half-made.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn flush(pending: &mut Vec<u8>) -> io::Result<()> {
    let bytes = std::mem::take(pending);
    let mut out = io::stdout().lock();
    out.write_all(&bytes)?;
    out.flush()
}

impl Console for ProcessConsole {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        let mut pending = self.pending();
        match stream {
            Stream::Out => {
                pending.extend_from_slice(bytes);
                let full = pending.len() >= BLOCK;
                if full || bytes.is_empty() || (bytes.contains(&b'\n') && io::stdout().is_terminal()) {
                    flush(&mut pending)
                } else {
                    Ok(())
                }
            }
            Stream::Err => {
                flush(&mut pending)?;
                io::stderr().write_all(bytes)
            }
        }
    }

    fn read_line(&self) -> io::Result<Option<String>> {
        self.flush()?;
        let mut line = Vec::new();
        io::stdin().lock().read_until(b'\n', &mut line)?;
        let line = String::from_utf8(line).map_err(|_| io::Error::new(ErrorKind::InvalidData, "stdin is not UTF-8"))?;
        Ok(Some(line).filter(|line| !line.is_empty()))
    }
}

impl Drop for ProcessConsole {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = self.flush();
    }
}
