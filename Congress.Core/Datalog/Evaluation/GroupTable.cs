using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>The groups of a rule with aggregates: the distinct bindings of its body by the plain columns of its head, summed up.</summary>
internal sealed class GroupTable
{
    private readonly List<Group> _groups = [];
    private readonly HeadTerm[] _terms;
    private readonly int[] _plain;        // the columns of the head that make the key
    private readonly int[] _aggregated;   // the others

    public GroupTable(Rule rule)
    {
        _terms = rule.Terms;
        _plain = [.. Enumerable.Range(0, _terms.Length).Where(i => _terms[i].Function is null)];
        _aggregated = [.. Enumerable.Range(0, _terms.Length).Where(i => _terms[i].Function is not null)];
        Keys = new(_plain.Length);
    }

    /// <summary>The keys; a group has the number of its key.</summary>
    public Relation Keys { get; }

    /// <summary>The groups of a rule's bindings.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="bindings">The bindings of all its variables, one column for each slot.</param>
    /// <param name="context">The evaluation.</param>
    public static GroupTable Of(Rule rule, Relation bindings, EvaluationContext context)
    {
        var table = new GroupTable(rule);
        Span<int> key = stackalloc int[table._plain.Length];
        for (var binding = 0; binding < bindings.Count; binding++)
        {
            if (binding % 4096 == 0)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
            }

            table.ReadKey(bindings[binding], key, context.Symbols);
            var number = table.Keys.Find(key);
            if (number < 0)
            {
                number = table.Keys.Count;
                table.Set(key, table.EmptyGroup());
            }

            table._groups[number].Change(bindings[binding], table, context.Symbols, sign: 1);
        }

        return table;
    }

    /// <summary>The group of a key; null when there is none.</summary>
    public Group? Find(ReadOnlySpan<int> key) => Keys.Find(key) is var number and >= 0 ? _groups[number] : null;

    public Group this[int number] => _groups[number];

    /// <summary>Gives a key its group; one without bindings is forgotten.</summary>
    public void Set(ReadOnlySpan<int> key, Group group)
    {
        var number = Keys.Find(key);
        if (number >= 0)
        {
            _groups[number] = group;
            return;
        }

        Keys.Add(key);
        _groups.Add(group);
    }

    /// <summary>Takes over the groups of a change; those without bindings go.</summary>
    public void Commit(GroupTable change)
    {
        for (var i = 0; i < change.Keys.Count; i++)
        {
            var key = change.Keys[i];
            if (change._groups[i].Bindings > 0)
            {
                Set(key, change._groups[i]);
            }
            else if (Keys.Find(key) is var number and >= 0)
            {
                Keys.Remove(key);
                _groups[number] = _groups[^1];
                _groups.RemoveAt(_groups.Count - 1);
            }
        }
    }

    public Group EmptyGroup() => new(Array.ConvertAll(_aggregated, i => Accumulator.For(_terms[i])));

    /// <summary>The key that a binding belongs to.</summary>
    public void ReadKey(ReadOnlySpan<int> binding, Span<int> key, SymbolScope symbols)
    {
        for (var i = 0; i < key.Length; i++)
        {
            var operand = _terms[_plain[i]].Operand;
            key[i] = operand.IsConstant ? symbols.Intern(operand.Constant) : binding[operand.Slot];
        }
    }

    /// <summary>The key that a row of the head belongs to.</summary>
    public void KeyOfRow(ReadOnlySpan<int> row, Span<int> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = row[_plain[i]];
        }
    }

    /// <summary>The row of a group.</summary>
    /// <returns>False when it has none: a sum over something that is no number, or one that does not fit.</returns>
    public bool TryRow(ReadOnlySpan<int> key, Group group, Span<int> row, SymbolScope symbols)
    {
        if (group.Bindings == 0)
        {
            return false;
        }

        for (var i = 0; i < _plain.Length; i++)
        {
            row[_plain[i]] = key[i];
        }

        for (var i = 0; i < _aggregated.Length; i++)
        {
            if (group.Results[i].Result is not { } value)
            {
                return false;
            }

            row[_aggregated[i]] = symbols.Intern(value);
        }

        return true;
    }

    /// <summary>Adds the row of each group to a relation.</summary>
    public void AddRows(Relation target, Rule rule, EvaluationContext context)
    {
        var before = target.Count;
        Span<int> row = stackalloc int[_terms.Length];
        for (var number = 0; number < _groups.Count; number++)
        {
            if (TryRow(Keys[number], _groups[number], row, context.Symbols))
            {
                target.Add(row);
            }
        }

        context.CountRows(target.Count - before, rule);
    }

    /// <summary>The bindings of one key, summed up.</summary>
    internal sealed class Group(Accumulator[] results)
    {
        public IReadOnlyList<Accumulator> Results => results;

        /// <summary>The number of bindings.</summary>
        public long Bindings { get; private set; }

        /// <summary>Whether a result is not known, as the one there was has been taken away: all bindings must be added again.</summary>
        public bool IsLost => Bindings > 0 && Array.Exists(results, r => r.IsLost);

        public Group Copy() => new(Array.ConvertAll(results, r => r.Copy())) { Bindings = Bindings };

        /// <summary>Prepares an empty group to be added to again, so that nothing that is taken away later is lost.</summary>
        public Group KeepingAll()
        {
            foreach (var result in results)
            {
                result.KeepAll();
            }

            return this;
        }

        /// <summary>Adds a binding, or takes one away that was added.</summary>
        public void Change(ReadOnlySpan<int> binding, GroupTable table, SymbolScope symbols, int sign)
        {
            Bindings += sign;
            for (var i = 0; i < results.Length; i++)
            {
                results[i].Change(symbols.ValueOf(binding[table._terms[table._aggregated[i]].Operand.Slot]), sign);
            }
        }
    }
}
