void OnFetch(sim::SimTime now);
