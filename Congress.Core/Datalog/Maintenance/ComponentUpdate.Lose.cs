using Congress.Data;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>Finds the rows that go.</summary>
internal sealed partial class ComponentUpdate
{
    /// <summary>Removes the rows that have lost what they were derived from.</summary>
    /// <returns>False when so much goes that the component is better computed anew.</returns>
    private bool TryLose()
    {
        foreach (var table in _component.Tables)
        {
            Suspect(table, next.Rows.Facts.GetValueOrDefault(table)?.Deleted);
            Suspect(table, _groups.LostOf(table));
        }

        foreach (var rule in _rules)
        {
            if (rule.IsAggregate || request.AddedRules.Contains(rule))
            {
                continue;
            }

            if (IsWhole(rule))
            {
                Suspect(rule.Head, Derive(rule, PlanKind.WholeBefore, 0, int.MaxValue, _before));
                continue;
            }

            for (var position = 0; position < rule.Body.Length; position++)
            {
                if (ChangedIn(rule, position, isInsert: false) is { } rows)
                {
                    Suspect(rule.Head, Derive(rule, PlanKind.Deleted, position, rows.Count, _before));
                }
            }
        }

        if (!request.ChangesRowsOnly)
        {
            foreach (var rule in request.RemovedRules.Where(r => !r.IsAggregate && tables.Component.ContainsKey(r.Head)))
            {
                Suspect(rule.Head, Derive(rule, PlanKind.WholeBefore, 0, int.MaxValue, _before));
            }
        }

        if (_recursion is not null)
        {
            return TryLoseUpwards();
        }

        foreach (var (table, working) in tables.Component)
        {
            Lose(table, working.Suspects, PlanKind.Check);
        }

        return true;
    }

    /// <summary>Decides the candidates of a recursion from the lowest up.</summary>
    private bool TryLoseUpwards()
    {
        var waiting = new SortedDictionary<int, Dictionary<TableName, Relation>>();
        foreach (var (table, working) in tables.Component)
        {
            Wait(table, working.Suspects, above: -1);
        }

        while (waiting.Count > 0)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var (height, level) = waiting.First();
            waiting.Remove(height);
            tables.Below = height;
            foreach (var (table, rows) in level)
            {
                Lose(table, rows, PlanKind.Support);
            }

            var (lost, all) = (0L, 0L);
            foreach (var working in tables.Component.Values)
            {
                working.NextRemoved();
                lost += working.Change.Removed.Count;
                all += working.Change.Before!.Count;
            }

            if (lost > request.LargeChange && lost * 2 > all)
            {
                return false;
            }

            foreach (var rule in _inside)
            {
                for (var position = 0; position < rule.Body.Length; position++)
                {
                    if (InsideOf(rule, position) is { } working && working.RemovedTo - working.RemovedFrom is var rows and > 0)
                    {
                        Wait(rule.Head, Derive(rule, PlanKind.Deleted, position, rows, _before), height);
                    }
                }
            }
        }

        return true;

        // A row that is not above what is lost follows without it.
        void Wait(TableName table, Relation rows, int above)
        {
            var change = tables.Component[table].Change;
            var before = change.Before!;
            var numbers = NumbersIn(before, rows);
            for (var i = 0; i < rows.Count; i++)
            {
                var number = numbers[i];
                if (number >= 0 && before.HeightOf(number) is var height && height > above && !change.Removed.Contains(rows[i]))
                {
                    if (!waiting.TryGetValue(height, out var level))
                    {
                        level = waiting[height] = [];
                    }

                    if (!level.TryGetValue(table, out var queue))
                    {
                        queue = level[table] = new(rows.Arity);
                    }

                    queue.Add(rows[i]);
                }
            }
        }
    }

    /// <summary>Takes the rows that the table has as candidates.</summary>
    private void Suspect(TableName table, Relation? rows)
    {
        if (rows is null)
        {
            return;
        }

        var working = tables.Component[table];
        var numbers = NumbersIn(working.Change.Before!, rows);
        for (var row = 0; row < rows.Count; row++)
        {
            if (numbers[row] >= 0)
            {
                working.Suspects.Add(rows[row]);
            }
        }
    }

    /// <summary>Removes the candidates that nothing else gives.</summary>
    private void Lose(TableName table, Relation candidates, PlanKind kind)
    {
        if (candidates.Count == 0)
        {
            return;
        }

        var found = Derivable(table, candidates, kind);
        var removed = tables.Component[table].Change.Removed;
        for (var row = 0; row < candidates.Count; row++)
        {
            if (!found.Contains(candidates[row]))
            {
                removed.Add(candidates[row]);
            }
        }
    }

    /// <summary>Those candidates that are given, or that a rule derives.</summary>
    private Relation Derivable(TableName table, Relation candidates, PlanKind kind)
    {
        var found = new Relation(candidates.Arity);
        var facts = tables.FactsOf(table, candidates.Arity);
        var open = new Relation(candidates.Arity);
        for (var row = 0; row < candidates.Count; row++)
        {
            (facts.Contains(candidates[row]) || _groups.Gives(table, candidates[row]) ? found : open).Add(candidates[row]);
        }

        foreach (var rule in request.Program.DefinitionsOf(table))
        {
            if (open.Count == 0)
            {
                break;
            }

            if (!rule.IsAggregate)
            {
                tables.Candidates = open;
                var derived = Derive(rule, kind, 0, open.Count, context);
                if (derived.Count > 0)
                {
                    open = Rest(open, derived, found);
                }
            }
        }

        return found;
    }

    /// <summary>Moves the derived candidates to those that are found.</summary>
    private static Relation Rest(Relation open, Relation derived, Relation found)
    {
        var rest = new Relation(open.Arity);
        for (var row = 0; row < open.Count; row++)
        {
            (derived.Contains(open[row]) ? found : rest).Add(open[row]);
        }

        return rest;
    }
}
