//! What only the browser's module has: its one instance, its allocator, its panic handler.

use alloc::string::String;
use core::{cell::RefCell, panic::PanicInfo};

use funfair_kit::{Moment, Ui};
use talc::{
    cell::TalcSyncCell,
    wasm::{WasmBinning, WasmGrowAndClaim},
};
use wasm_bindgen::prelude::wasm_bindgen;

/// The standard allocator is 2.6 kB (brotli), a fifth of a bundle.
#[global_allocator]
static ALLOCATOR: TalcSyncCell<WasmGrowAndClaim, WasmBinning> =
    TalcSyncCell::new_wasm(WasmGrowAndClaim);

struct Instance(RefCell<Option<Ui>>);

static INSTANCE: Instance = Instance(RefCell::new(None));

// The one unsafe line of the widgets: a static must be `Sync`, and a module built without threads
// is only ever entered by the thread that made it.
#[expect(unsafe_code, reason = "wasm32 without atomics has one thread")]
#[cfg(not(target_feature = "atomics"))]
unsafe impl Sync for Instance {}

/// See [`crate::turn`]. `now` is the shell's clock, milliseconds since 1970 UTC.
#[wasm_bindgen]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "until the year 280000"
)]
pub fn turn(what: u32, now: f64, a: &str, b: &str, dice: &str) -> String {
    // Not `borrow_mut`: its panic would bring a message, and nothing enters twice.
    match INSTANCE.0.try_borrow_mut() {
        Ok(mut ui) => crate::turn(&mut ui, what, a, b, Moment { now_ms: now as u64, dice }),
        Err(_) => String::new(),
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
