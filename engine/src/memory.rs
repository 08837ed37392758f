use crate::{
    Account, HeldRow, ItemKey, Lane, LaneRow, MemberKey, PlayKey, PlayRow, PoolKey, PoolRow, Purse,
    PurseKey, Rows, Store, StoreError, Transfer, Wants, Writes,
};
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
    held: Vec<HeldRow>,
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
        let mut rows: Vec<_> = tables
            .transfers
            .iter()
            .filter(|row| row.programme == programme)
            .filter(|row| row.debit == account || row.credit == account)
            .filter(|row| before.is_none_or(|before| (row.at_ms, row.id.as_str()) < before))
            .collect();
        rows.sort_by(|a, b| (b.at_ms, &b.id).cmp(&(a.at_ms, &a.id)));
        Ok(rows.into_iter().take(limit).cloned().collect())
    }

    fn held(
        &self,
        programme: &str,
        member: &str,
        limit: usize,
    ) -> Result<Vec<HeldRow>, StoreError> {
        let tables = self.tables();
        let mut rows: Vec<_> = tables
            .held
            .iter()
            .filter(|row| row.programme == programme && row.member == member)
            .collect();
        rows.sort_by(|a, b| (b.at_ms, &b.id).cmp(&(a.at_ms, &a.id)));
        Ok(rows.into_iter().take(limit).cloned().collect())
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
        }
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
        Ok(())
    }
}

fn pick<K: Ord + Clone, V: Clone>(wants: &BTreeSet<K>, table: &BTreeMap<K, V>) -> BTreeMap<K, V> {
    wants.iter().filter_map(|key| Some((key.clone(), table.get(key)?.clone()))).collect()
}
