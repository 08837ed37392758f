//! A shopper on a real page of a real store, in a real browser, on a network that breaks.

mod accessibility;
mod barriers;
mod delivery;
mod engines;
mod everyone;
mod examples;
mod fragment;
mod frames;
mod hosts;
mod hub;
mod kinds;
mod links;
mod members;
mod mini_programs;
mod network;
mod panels;
mod play;
mod shop;
mod shopify;
mod strict;
mod tabs;
mod wallet;
mod woocommerce;
