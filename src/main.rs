//! The `newsgraph` command.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    newsgraph::cli::main()
}

#[global_allocator]
static ALLOCATOR: OrExit = OrExit;

/// The system's allocator; when it has no more, the program says so and ends with exit code 2. The
/// standard library would end it by a signal, as if it had crashed. Memory goes back to the system when
/// something large is freed.
struct OrExit;

#[allow(unsafe_code, reason = "every call goes to the system's allocator as it came")]
unsafe impl GlobalAlloc for OrExit {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        or_exit(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        or_exit(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        or_exit(unsafe { System.realloc(memory, layout, size) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
        if layout.size() >= LARGE {
            give_back();
        }
    }
}

/// A list of a whole corpus. When it goes, so did the many small things that it held.
const LARGE: usize = 1 << 23;

/// Gives what was freed in small pieces back to the system, which this library does not by itself.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "a function of the C library that takes a number")]
fn give_back() {
    unsafe extern "C" {
        safe fn malloc_trim(pad: usize) -> std::ffi::c_int;
    }
    malloc_trim(0);
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}

fn or_exit(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        // Unbuffered: nothing here asks for memory.
        std::io::stderr().write_all(b"error: out of memory; no file is half-written\n").ok();
        std::process::exit(2);
    }
    memory
}
