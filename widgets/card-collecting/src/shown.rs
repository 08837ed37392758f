//! What a member is shown: the shelf, and what the set brings.

use crate::{
    Card, CardCollecting, Config, Held, LinkKind, Member, OwnLink, PotView, PrizeView, Shared,
    View, links,
};
use funfair_engine::{Cx, State};

impl Config {
    pub(crate) fn view(&self, state: &State<'_, CardCollecting>, cx: &Cx) -> View {
        let State { member, shared, .. } = *state;
        let granted = &cx.cards;
        let held = |card: &Card| Held {
            card: card.id.clone(),
            count: member.held(&card.id, granted),
            wild: card.wild,
        };
        let cards: Vec<_> = self.cards.iter().map(held).collect();
        let have = cards.iter().filter(|held| !held.wild && held.count > 0).count();
        let (need, completed) = (self.need(), member.rank.is_some());
        let to_give =
            self.prize.as_ref().is_none_or(|it| it.is_left(shared) || it.instead.is_some());
        let own = |kind| {
            move |(item, card): (&String, &String)| OwnLink {
                item: item.clone(),
                kind,
                card: card.clone(),
            }
        };
        let (gives_left, gives_note) = links::gives_left(self, member, cx);
        let (asks_left, asks_note) = links::asks_left(self, member, cx);
        let gifts = member.gifts.iter().map(own(LinkKind::Gift));
        View {
            chances: cx.chances_left(),
            draws_left: self
                .draws_per_day
                .map(|limit| limit.saturating_sub(member.on(cx.day).draws)),
            next_day_at_ms: cx.next_day_at_ms,
            sure_in: self.sure_in(member, granted),
            need,
            have: u32::try_from(have).unwrap_or(u32::MAX).min(need),
            ready: !completed && to_give && self.handed_in(member, granted).is_some(),
            cards,
            prize: self.prize.as_ref().map(|prize| prize.view(shared)),
            pot: self.pot.as_ref().map(|pot| pot.view(member, shared, cx)),
            completed,
            gives_left,
            gives_note,
            asks_left,
            asks_note,
            links: gifts.chain(member.asks.iter().map(own(LinkKind::Ask))).collect(),
            link: links::view(self, state, cx),
        }
    }
}

impl crate::PrizeRule {
    fn view(&self, shared: &Shared) -> PrizeView {
        let instead = self.instead.as_ref().filter(|_| !self.is_left(shared));
        PrizeView {
            label: instead.map_or(&self.label, |instead| &instead.label).clone(),
            left: if instead.is_some() {
                None
            } else {
                self.stock.map(|stock| stock.saturating_sub(shared.prizes))
            },
        }
    }
}

impl crate::PotRule {
    fn view(&self, member: &Member, shared: &Shared, cx: &Cx) -> PotView {
        let (amount, money) = self.amount();
        let share = match member.rank {
            Some(rank) => self.share_of(rank, shared.completed),
            None => self.share_of(shared.completed, shared.completed + 1),
        };
        PotView {
            label: self.label.clone(),
            amount,
            money,
            sharers: shared.completed,
            share,
            at_ms: cx.closes_at_ms,
            paid: member.paid,
        }
    }
}
