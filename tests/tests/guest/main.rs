//! A widget as a guest on somebody else's page: hostile, crowded, slow or half broken. Chromium
//! alone: nodes, listeners and memory are counted by its `DevTools`, and the processor is slowed.

mod calm;
mod errors;
mod guest;
mod hostile;
mod life;
mod routes;
mod tasks;
