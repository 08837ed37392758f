use crate::{
    Account, AddressRow, FactKey, FactRow, HeldKey, HeldRow, ItemKey, Lane, LaneRow, MemberKey,
    OrderKey, PlayKey, PlayRow, PoolKey, PoolRow, Purse, PurseKey, Rows, Store, StoreError,
    Transfer, Wants, Writes,
};
use funfair_host_api::Day;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A store in memory: the playground's, the tests', and the plain statement of what a store does.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    identities: BTreeMap<(String, String, String), String>,
    plays: BTreeMap<PlayKey, PlayRow>,
    members: BTreeMap<MemberKey, String>,
    items: BTreeMap<ItemKey, String>,
    purses: BTreeMap<PurseKey, Purse>,
    pools: BTreeMap<PoolKey, PoolRow>,
    lanes: BTreeMap<Lane, LaneRow>,
    transfers: Vec<Transfer>,
    held: BTreeMap<HeldKey, HeldRow>,
    addresses: BTreeMap<HeldKey, AddressRow>,
    profiles: BTreeMap<PurseKey, String>,
    facts: BTreeMap<FactKey, FactRow>,
    orders: BTreeMap<OrderKey, String>,
    codes: BTreeMap<PoolKey, BTreeMap<u64, String>>,
}

impl MemoryStore {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        // A panic in `decide` happens before anything is written, so the tables are whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every transfer of a programme, in order: what an audit sums.
    pub fn all_transfers(&self, programme: &str) -> Vec<Transfer> {
        let tables = self.tables();
        tables.transfers.iter().filter(|row| row.programme == programme).cloned().collect()
    }
}

impl Store for MemoryStore {
    fn commit(
        &self,
        wants: &Wants,
        decide: &mut dyn FnMut(&Rows) -> Writes,
    ) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let writes = decide(&tables.load(wants));
        tables.write(writes)
    }

    fn load(&self, wants: &Wants) -> Result<Rows, StoreError> {
        Ok(self.tables().load(wants))
    }

    fn open(
        &self,
        lane: &Lane,
        head: &LaneRow,
        pools: &[(PoolKey, PoolRow)],
    ) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let row = tables.lanes.entry(lane.clone()).or_insert_with(|| head.clone());
        row.state = head.state;
        row.revision.clone_from(&head.revision);
        for (key, pool) in pools {
            tables.pools.entry(key.clone()).or_insert_with(|| pool.clone());
        }
        Ok(())
    }

    fn member(
        &self,
        programme: &str,
        store: &str,
        sub: &str,
    ) -> Result<Option<String>, StoreError> {
        let key = (programme.into(), store.into(), sub.into());
        Ok(self.tables().identities.get(&key).cloned())
    }

    fn play(&self, programme: &str, member: &str, id: &str) -> Result<Option<PlayRow>, StoreError> {
        let fits = |row: &&PlayRow| {
            row.id == id && row.key.member == member && row.key.programme == programme
        };
        Ok(self.tables().plays.values().find(fits).cloned())
    }

    fn plays(
        &self,
        lane: &Lane,
        member: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        let tables = self.tables();
        let mut rows: Vec<_> = tables
            .plays
            .values()
            .filter(|row| row.lane == *lane && row.key.member == member)
            .filter(|row| before.is_none_or(|before| row.seq < before))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.seq));
        Ok(rows.into_iter().take(limit).cloned().collect())
    }

    fn transfers(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<Transfer>, StoreError> {
        let account = Account::Member(member.into());
        let tables = self.tables();
        let rows = tables
            .transfers
            .iter()
            .filter(|row| row.programme == programme)
            .filter(|row| row.debit == account || row.credit == account)
            .cloned();
        Ok(newest(rows, |row| (row.at_ms, &row.id), before, limit))
    }

    fn held(
        &self,
        programme: &str,
        member: &str,
        limit: usize,
    ) -> Result<Vec<HeldRow>, StoreError> {
        let tables = self.tables();
        let rows = tables
            .held
            .values()
            .filter(|row| row.programme == programme && row.member == member)
            .cloned();
        Ok(newest(rows, |row| (row.at_ms, &row.id), None, limit))
    }

    fn history(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        let tables = self.tables();
        let rows = tables
            .plays
            .values()
            .filter(|row| row.key.programme == programme && row.key.member == member)
            // What time brought about has no receipt.
            .filter(|row| !row.receipt.is_empty())
            .cloned();
        Ok(newest(rows, |row| (row.at_ms, &row.id), before, limit))
    }

    fn transfer(
        &self,
        programme: &str,
        member: &str,
        id: &str,
    ) -> Result<Option<Transfer>, StoreError> {
        let account = Account::Member(member.into());
        let fits = |row: &&Transfer| {
            row.programme == programme
                && row.id == id
                && (row.debit == account || row.credit == account)
        };
        Ok(self.tables().transfers.iter().find(fits).cloned())
    }

    fn members(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let tables = self.tables();
        let rows = tables
            .members
            .iter()
            .filter(|(key, _)| key.lane == *lane)
            .filter(|(key, _)| after.is_none_or(|after| key.member.as_str() > after));
        Ok(rows.take(limit).map(|(key, row)| (key.member.clone(), row.clone())).collect())
    }

    fn lapsing(
        &self,
        programme: &str,
        day: Day,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let tables = self.tables();
        let old = |purse: &Purse| {
            purse.lots.iter().any(|lot| lot.expires_on.is_some_and(|last| last < day))
        };
        let rows = tables.purses.iter().filter(|(key, _)| key.programme == programme);
        Ok(rows
            .filter(|(key, _)| after.is_none_or(|after| key.member.as_str() > after))
            .filter(|(_, purse)| old(purse))
            .take(limit)
            .map(|(key, _)| key.member.clone())
            .collect())
    }

    fn add_codes(&self, list: &PoolKey, codes: &[String]) -> Result<u64, StoreError> {
        let mut tables = self.tables();
        let all = tables.codes.entry(list.clone()).or_default();
        let mut have: BTreeSet<_> = all.values().cloned().collect();
        let before = all.len();
        for code in codes {
            if have.insert(code.clone()) {
                all.insert(all.len() as u64 + 1, code.clone());
            }
        }
        let new = (all.len() - before) as u64;
        let empty = PoolRow { left: 0, daily: None, day: Day::default(), taken: 0 };
        tables.pools.entry(list.clone()).or_insert(empty).left += new;
        Ok(new)
    }

    fn items(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let tables = self.tables();
        let rows = tables
            .items
            .iter()
            .filter(|(key, _)| key.lane == *lane)
            .filter(|(key, _)| after.is_none_or(|after| key.item.as_str() > after));
        Ok(rows.take(limit).map(|(key, row)| (key.item.clone(), row.clone())).collect())
    }
}

impl Tables {
    fn load(&self, wants: &Wants) -> Rows {
        Rows {
            plays: pick(&wants.plays, &self.plays),
            members: pick(&wants.members, &self.members),
            items: pick(&wants.items, &self.items),
            purses: pick(&wants.purses, &self.purses),
            pools: pick(&wants.pools, &self.pools),
            lanes: pick(&wants.lanes, &self.lanes),
            profiles: pick(&wants.profiles, &self.profiles),
            facts: pick(&wants.facts, &self.facts),
            orders: pick(&wants.orders, &self.orders),
            held: pick(&wants.held, &self.held),
            codes: wants
                .codes
                .iter()
                .map(|(list, most)| (list.clone(), self.next(list, *most)))
                .collect(),
        }
    }

    /// The codes of a list that go next.
    fn next(&self, list: &PoolKey, most: u64) -> BTreeMap<u64, String> {
        let taken = self.pools.get(list).map_or(0, |pool| pool.taken);
        let Some(codes) = self.codes.get(list) else { return BTreeMap::new() };
        let next = codes.range(taken + 1..=taken + most);
        next.map(|(number, code)| (*number, code.clone())).collect()
    }

    fn write(&mut self, writes: Writes) -> Result<(), StoreError> {
        for play in &writes.plays {
            if self.plays.contains_key(&play.key) {
                return Err(StoreError::Database(format!("play {} exists already", play.id)));
            }
        }
        for row in writes.identities {
            self.identities.entry((row.programme, row.store, row.sub)).or_insert(row.member);
        }
        self.plays.extend(writes.plays.into_iter().map(|row| (row.key.clone(), row)));
        self.members.extend(writes.members);
        for (key, row) in writes.items {
            match row {
                Some(row) => self.items.insert(key, row),
                None => self.items.remove(&key),
            };
        }
        self.purses.extend(writes.purses);
        self.pools.extend(writes.pools);
        self.lanes.extend(writes.lanes);
        self.transfers.extend(writes.transfers);
        self.held.extend(writes.held);
        self.addresses.extend(writes.addresses.into_iter().map(|row| (row.key.clone(), row)));
        self.profiles.extend(writes.profiles);
        self.facts.extend(writes.facts);
        self.orders.extend(writes.orders);
        Ok(())
    }
}

/// A page of rows, newest first: those before (`at_ms`, id).
fn newest<T>(
    rows: impl Iterator<Item = T>,
    name: fn(&T) -> (u64, &str),
    before: Option<(u64, &str)>,
    limit: usize,
) -> Vec<T> {
    let mut rows: Vec<_> =
        rows.filter(|row| before.is_none_or(|before| name(row) < before)).collect();
    rows.sort_by(|a, b| name(b).cmp(&name(a)));
    rows.truncate(limit);
    rows
}

fn pick<K: Ord + Clone, V: Clone>(wants: &BTreeSet<K>, table: &BTreeMap<K, V>) -> BTreeMap<K, V> {
    wants.iter().filter_map(|key| Some((key.clone(), table.get(key)?.clone()))).collect()
}
