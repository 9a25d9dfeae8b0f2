//! Catches panics of foreign code that would end a thread of the SDK or poison its locks.

use std::any::Any;
#[cfg(feature = "setup")]
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls a function. `Err` contains the message of a panic.
pub(crate) fn catch<R>(call: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(message)
}

fn message(payload: Box<dyn Any + Send>) -> String {
    let payload = match payload.downcast::<&'static str>() {
        Ok(text) => return format!("panicked: {text}"),
        Err(payload) => payload,
    };
    match payload.downcast::<String>() {
        Ok(text) => format!("panicked: {text}"),
        Err(payload) => {
            // Dropping a value of any other type runs foreign code, which may panic again.
            std::mem::forget(payload);
            "panicked".to_owned()
        }
    }
}

#[cfg(feature = "setup")]
thread_local! {
    static NOTED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Calls one of several callbacks and catches its panic, so that the other callbacks are called, too. Under a set-up the
/// panic is noted for the callback of the instrument, which counts it.
pub(crate) fn catch_and_note(call: impl FnOnce()) {
    let result = catch(call);
    #[cfg(feature = "setup")]
    if let Err(message) = result {
        let _ = NOTED.try_with(|noted| {
            if let Some(noted) = &mut *noted.borrow_mut() {
                noted.push(message);
            }
        });
    }
    #[cfg(not(feature = "setup"))]
    let _ = result;
}

/// Calls a function. Returns the messages of the panics that were [noted](catch_and_note) meanwhile, followed by the
/// message of its own panic.
#[cfg(feature = "setup")]
pub(crate) fn noted(call: impl FnOnce()) -> Vec<String> {
    let swap = |new| NOTED.try_with(|noted| noted.replace(new)).ok().flatten();
    let before = swap(Some(Vec::new()));
    let own = catch(call);
    let mut noted = swap(before).unwrap_or_default();
    noted.extend(own.err());
    noted
}

#[cfg(all(test, feature = "setup"))]
mod tests {
    use super::*;

    #[test]
    fn the_message_of_a_panic_is_kept() {
        assert_eq!(catch(|| 1), Ok(1));
        let text = |call: fn()| catch(call).expect_err("a panic");
        assert_eq!(text(|| panic!("as written")), "panicked: as written");
        assert_eq!(text(|| panic!("number {}", 1)), "panicked: number 1");
    }

    #[test]
    fn a_payload_that_panics_when_it_is_dropped_is_leaked() {
        struct Hostile;
        impl Drop for Hostile {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        let result = catch(|| std::panic::panic_any(Hostile));
        assert_eq!(result, Err("panicked".to_owned()));
    }

    #[test]
    fn panics_are_noted_for_the_innermost_caller() {
        catch_and_note(|| panic!("no caller collects this"));
        let messages = noted(|| {
            catch_and_note(|| panic!("noted"));
            catch_and_note(|| ());
            assert_eq!(
                noted(|| catch_and_note(|| panic!("inner"))),
                ["panicked: inner"]
            );
            panic!("own");
        });
        assert_eq!(messages, ["panicked: noted", "panicked: own"]);
        assert!(noted(|| ()).is_empty());
    }
}
