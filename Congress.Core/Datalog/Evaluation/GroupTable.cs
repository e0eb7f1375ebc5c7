using Congress.Datalog.Analysis;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Evaluation;

/// <summary>The groups of a rule with aggregates: the distinct bindings of its body by the plain columns of its head, summed up.</summary>
internal sealed class GroupTable : IRowWriter
{
    private readonly HeadTerm[] _terms;
    private readonly int[] _plain;        // the columns of the head that make the key
    private readonly int[] _aggregated;   // the others
    private readonly Accumulator[] _results;
    private readonly int[] _keyConstants;
    private readonly SymbolScope _symbols;
    private readonly KeyBuffer _keyBuffer = new();
    private long[] _bindings = [];        // by group
    private int[] _groups = [];           // of the bindings at hand
    private DenseNumbers? _numbers;       // of the keys, while all are within known ranges

    public GroupTable(Rule rule, SymbolScope symbols)
    {
        (_terms, _symbols) = (rule.Terms, symbols);
        _plain = [.. Enumerable.Range(0, _terms.Length).Where(i => _terms[i].Function is null)];
        _aggregated = [.. Enumerable.Range(0, _terms.Length).Where(i => _terms[i].Function is not null)];
        _results = Array.ConvertAll(_aggregated, i => Accumulator.For(_terms[i]));
        _keyConstants = Array.ConvertAll(_plain, i => _terms[i].Operand.IsConstant ? symbols.Intern(_terms[i].Operand.Constant) : 0);
        Keys = new(_plain.Length);
    }

    /// <summary>The keys; a group has the number of its key.</summary>
    public Relation Keys { get; }

    public int Count => Keys.Count;

    /// <summary>The handles that are kept beside the keys.</summary>
    public IEnumerable<int> Handles => _results.SelectMany(r => r.Handles);

    /// <summary>The groups of a rule's bindings.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="bindings">The bindings of all its variables, one column for each slot.</param>
    /// <param name="context">The evaluation.</param>
    public static GroupTable Of(Rule rule, Relation bindings, EvaluationContext context)
    {
        var table = new GroupTable(rule, context.Symbols);
        table.Change(bindings, 1, context);
        return table;
    }

    /// <summary>Tells within which ranges the keys of all bindings are that will be added until the rows are written.</summary>
    /// <param name="rangeOf">The least and the greatest handle of a column of the head.</param>
    /// <param name="most">For how many keys to make room at most.</param>
    public void Expect(Func<HeadTerm, (int Least, int Greatest)> rangeOf, long most) =>
        _numbers = DenseNumbers.TryMake(Array.ConvertAll(_plain, i => rangeOf(_terms[i])), most);

    /// <summary>Adds bindings.</summary>
    /// <param name="columns">One column for each slot.</param>
    /// <param name="count">Their number.</param>
    public void Write(int[][] columns, int count) => Change(columns, count, 1);

    /// <inheritdoc/>
    public void Settle()
    {
        // a group is held once
    }

    /// <summary>Adds bindings (1), or takes some away that were added (-1).</summary>
    public void Change(Relation bindings, int sign, EvaluationContext context)
    {
        var columns = Array.ConvertAll(new int[bindings.Arity], _ => new int[Math.Min(bindings.Count, Block.LargeRun)]);
        for (var start = 0; start < bindings.Count; start += Block.LargeRun)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Block.LargeRun, bindings.Count - start);
            for (var column = 0; column < columns.Length; column++)
            {
                for (var i = 0; i < count; i++)
                {
                    columns[column][i] = bindings.Cells[((start + i) * columns.Length) + column];
                }
            }

            Change(columns, count, sign);
        }
    }

    /// <summary>The group of a key, or -1.</summary>
    public int Find(ReadOnlySpan<int> key) => Keys.Find(key);

    /// <summary>Takes over the group of a key from another table of the rule, or makes an empty one.</summary>
    public void Adopt(ReadOnlySpan<int> key, GroupTable? others)
    {
        var group = Add(key);
        if (others is not null && others.Find(key) is var other and >= 0)
        {
            Set(group, others, other);
        }
    }

    /// <summary>Whether a result of a group is not known, as the one there was has been taken away: all bindings must be added again.</summary>
    public bool IsLost(int group) => _bindings[group] > 0 && Array.Exists(_results, r => r.IsLost(group));

    /// <summary>Empties a group, to which all bindings will be added again, so that nothing that is taken away later is lost.</summary>
    public void StartAgain(int group)
    {
        _bindings[group] = 0;
        Array.ForEach(_results, r => r.Clear(group, keepsAll: true));
    }

    /// <summary>Takes over the groups of a change; those without bindings go.</summary>
    public void Commit(GroupTable change)
    {
        for (var i = 0; i < change.Keys.Count; i++)
        {
            var key = change.Keys[i];
            if (change._bindings[i] > 0)
            {
                Set(Add(key), change, i);
            }
            else if (Keys.Find(key) is var number and >= 0)
            {
                var last = Keys.Count - 1;
                Keys.Remove(key);
                Set(number, this, last);
                Clear(last);
            }
        }
    }

    /// <summary>The keys that bindings belong to.</summary>
    public Relation KeysOf(Relation bindings)
    {
        var keys = new Relation(_plain.Length);
        Span<int> key = stackalloc int[_plain.Length];
        for (var binding = 0; binding < bindings.Count; binding++)
        {
            for (var i = 0; i < key.Length; i++)
            {
                var operand = _terms[_plain[i]].Operand;
                key[i] = operand.IsConstant ? _keyConstants[i] : bindings[binding][operand.Slot];
            }

            keys.Add(key);
        }

        return keys;
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
    public bool TryRow(int group, Span<int> row, SymbolScope symbols)
    {
        if (_bindings[group] == 0)
        {
            return false;
        }

        var key = Keys[group];
        for (var i = 0; i < _plain.Length; i++)
        {
            row[_plain[i]] = key[i];
        }

        for (var i = 0; i < _aggregated.Length; i++)
        {
            if (_results[i].ResultOf(group, _bindings[group], symbols) is not { } value)
            {
                return false;
            }

            row[_aggregated[i]] = symbols.Intern(value);
        }

        return true;
    }

    /// <summary>Adds the row of each group to a relation.</summary>
    public void AddRows(Relation target, Rule rule, EvaluationContext context) => WriteRows(new HeadWriter(target), rule, context);

    /// <summary>Writes the row of each group.</summary>
    public void WriteRows(IRowWriter target, Rule rule, EvaluationContext context)
    {
        _numbers = null;   // what comes later may lie anywhere
        var columns = Array.ConvertAll(_terms, _ => new int[Math.Min(Keys.Count, Block.LargeRun)]);
        Span<int> row = stackalloc int[_terms.Length];
        for (var group = 0; group < Keys.Count;)
        {
            var count = 0;
            for (; group < Keys.Count && count < Block.LargeRun; group++)
            {
                if (TryRow(group, row, context.Symbols))
                {
                    for (var column = 0; column < row.Length; column++)
                    {
                        columns[column][count] = row[column];
                    }

                    count++;
                }
            }

            context.Write(target, columns, count, rule);
        }
    }

    private void Change(int[][] columns, int count, int sign)
    {
        if (_groups.Length < count)
        {
            _groups = new int[count];
        }

        var groups = _groups.AsSpan(0, count);
        var sources = new Source[_plain.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            var operand = _terms[_plain[i]].Operand;
            sources[i] = operand.IsConstant ? new(null, _keyConstants[i]) : new(columns[operand.Slot], 0);
        }

        var keys = _keyBuffer.Of(sources, 0, count);
        if (_numbers is null)
        {
            Keys.AddAll(keys, count, groups);
        }
        else
        {
            _numbers.AddAll(keys, Keys, groups);
        }

        Extend();
        foreach (var group in groups)
        {
            _bindings[group] += sign;
        }

        for (var i = 0; i < _results.Length; i++)
        {
            _results[i].Change(groups, columns[_terms[_aggregated[i]].Operand.Slot].AsSpan(0, count), sign, _symbols);
        }
    }

    /// <summary>The group of a key, made when there is none.</summary>
    private int Add(ReadOnlySpan<int> key)
    {
        if (Keys.Add(key))
        {
            Extend();
            return Keys.Count - 1;
        }

        return Keys.Find(key);
    }

    private void Set(int group, GroupTable others, int other)
    {
        _bindings[group] = others._bindings[other];
        for (var i = 0; i < _results.Length; i++)
        {
            _results[i].Set(group, others._results[i], other);
        }
    }

    private void Clear(int group)
    {
        _bindings[group] = 0;
        Array.ForEach(_results, r => r.Clear(group, keepsAll: false));
    }

    private void Extend()
    {
        if (_bindings.Length < Keys.Count)
        {
            Array.Resize(ref _bindings, Math.Max(Keys.Count, 2 * _bindings.Length));
            Array.ForEach(_results, r => r.Extend(_bindings.Length));
        }
    }
}
