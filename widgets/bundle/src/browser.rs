//! What only the browser's module has: its one instance, its allocator, its panic handler.

use alloc::{string::String, vec::Vec};
use core::{
    alloc::{GlobalAlloc, Layout},
    cell::{Cell, RefCell},
    panic::PanicInfo,
    ptr::null_mut,
};

use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use funfair_kit::{Moment, cut};

// A bundle holds elements that play or elements that show, so that neither carries the other's
// machine.
#[cfg(feature = "panel")]
use crate::panel::turn as take;
#[cfg(not(feature = "panel"))]
use crate::turn as take;
#[cfg(feature = "panel")]
use funfair_kit::Panel as Machine;
#[cfg(not(feature = "panel"))]
use funfair_kit::Ui as Machine;

/// Where the shell writes the next message's text, of so many bytes.
///
/// Why not wasm-bindgen, as elsewhere: one text in and one text out are four lines of script, and its
/// glue and helpers for them were 0.5 kB after brotli.
#[expect(unsafe_code, reason = "an export has a name")]
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    Vec::with_capacity(bytes).leak().as_mut_ptr()
}

/// See [`crate::turn`]. `now` is the shell's clock, milliseconds since 1970 UTC; the text at `room` is
/// `dice`, `b` and `a` with U+0002 between them. Where the answer begins; a zero byte ends it.
#[expect(unsafe_code, reason = "an export has a name")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a clock")]
#[unsafe(no_mangle)]
pub extern "C" fn turn(what: u32, now: f64, room: *const u8, bytes: usize) -> *const u8 {
    #[expect(unsafe_code, reason = "the shell's TextEncoder wrote so many bytes of UTF-8 there")]
    let texts = unsafe { core::str::from_utf8_unchecked(core::slice::from_raw_parts(room, bytes)) };
    let (dice, rest) = cut(texts, 2);
    let (b, a) = cut(rest, 2);
    // Not `borrow_mut`: its panic would bring a message, and nothing enters twice.
    let mut answer = match INSTANCE.0.try_borrow_mut() {
        Ok(mut ui) => take(&mut ui, what, a, b, Moment { now_ms: now as u64, dice }),
        Err(_) => String::new(),
    };
    // No text of an answer has it: JSON escapes it.
    answer.push('\0');
    answer.leak().as_ptr()
}

struct Alone<T>(T);

static INSTANCE: Alone<RefCell<Option<Machine>>> = Alone(RefCell::new(None));

#[global_allocator]
static ALLOCATOR: Alone<Cell<usize>> = Alone(Cell::new(0));

// A static must be `Sync`, and a module built without threads is only ever entered by the thread
// that made it.
#[expect(unsafe_code, reason = "wasm32 without atomics has one thread")]
#[cfg(not(target_feature = "atomics"))]
unsafe impl<T> Sync for Alone<T> {}

const PAGE_BYTES: usize = 65_536;

/// Hands out memory and takes none back; the shell starts a new instance after some hundred turns.
///
/// With nothing to free, most destructors vanish too: the same spin wheel was 14.8 kB of wasm
/// (brotli) on the crate `talc` and 13.6 on this. A turn leaves about 20 kB behind, an answer that
/// is read about 60.
#[expect(unsafe_code, reason = "an allocator is an unsafe trait")]
unsafe impl GlobalAlloc for Alone<Cell<usize>> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut start = self.0.get();
        if start == 0 {
            // All the memory that the module began with belongs to its stack and its data.
            start = memory_size(0) * PAGE_BYTES;
        }
        start = (start + layout.align() - 1) & !(layout.align() - 1);
        let end = start + layout.size();
        let have = memory_size(0) * PAGE_BYTES;
        if end > have && memory_grow(0, (end - have).div_ceil(PAGE_BYTES)) == usize::MAX {
            return null_mut();
        }
        self.0.set(end);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    unreachable()
}
