//! Long work with the interpreter lock released: Ctrl-C ends it, and a function is told of its progress.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use newsgraph::{Error, Result};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors::raise;

/// How often signals are looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// What work that is watched looks at and tells.
#[derive(Default)]
pub(crate) struct Watch {
    /// Set when the work is to end.
    pub(crate) stop: Arc<AtomicBool>,
    /// How much is done.
    pub(crate) done: AtomicUsize,
    /// How much there is, once that is known.
    pub(crate) total: AtomicUsize,
}

/// Runs some work in a thread of its own.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Watch) -> Result<T> + Send,
) -> PyResult<T> {
    let watch = Watch::default();
    let progress = progress.map(|it| it.clone().unbind());
    py.detach(|| {
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(1);
            let watch = &watch;
            let running = scope.spawn(move || {
                let result = work(watch);
                sender.send(()).ok();
                result
            });
            let mut told = 0;
            while receiver.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let looked = Python::attach(|py| {
                    py.check_signals()?;
                    tell(py, progress.as_ref(), watch, &mut told)
                });
                if let Err(error) = looked {
                    watch.stop.store(true, Ordering::Relaxed);
                    drop(receiver);
                    running.join().ok();
                    return Err(error);
                }
            }
            // The thread drops its end of the channel when it panics.
            let broken = || PyRuntimeError::new_err("internal error; please report it");
            let result = running.join().map_err(|_| broken())?;
            Python::attach(|py| {
                tell(py, progress.as_ref(), watch, &mut told)?;
                result.map_err(|error: Error| raise(py, error))
            })
        })
    })
}

fn tell(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    watch: &Watch,
    told: &mut usize,
) -> PyResult<()> {
    let (done, total) = (watch.done.load(Ordering::Relaxed), watch.total.load(Ordering::Relaxed));
    if let Some(progress) = progress
        && done != *told
    {
        *told = done;
        progress.call1(py, (done, total))?;
    }
    Ok(())
}
