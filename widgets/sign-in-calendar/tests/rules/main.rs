//! The calendar's rule, played: one test a sentence of the README, and properties over random days.

mod calendar;
mod faults;
mod properties;
mod sign_ins;
mod year;
