using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Programs;

/// <summary>What a transaction does with the statements of texts, and with rows.</summary>
internal sealed partial class Transaction
{
    private const int SmallestAnnounced = 1 << 14;   // rows of a table
    private const int MostAnnounced = 16;            // columns

    /// <summary>What no table's name holds. A driver may have names that no rule can write, such as <c>fixed-ips</c>.</summary>
    private static readonly System.Buffers.SearchValues<char> NotInNames = System.Buffers.SearchValues.Create("()[]{}\"' \t\r\n,;=<>!@");

    /// <summary>Makes known what a text declares and how wide the tables are that it defines. All texts of a batch
    /// are announced before the first is defined, so that the order in which they refer to each other does not matter.</summary>
    public void Announce(string policy, IReadOnlyList<Statement> statements)
    {
        (_target, _names) = (null, null);
        if (RequirePolicy(policy, statements.Count > 0 ? statements[0].Span : default) is null)
        {
            return;
        }

        foreach (var declaration in statements.OfType<Declaration>())
        {
            Declare(policy, declaration);
        }

        foreach (var statement in statements)
        {
            if (statement is Formula { Heads.Count: 1 } formula && formula.Head.Named.Count == 0)
            {
                Expect(new NameResolver(policy, this, new Findings()).TableOf(formula.Head), formula.Head.Arguments.Count);
            }
        }
    }

    /// <summary>Makes known how wide a table is whose rows will come later.</summary>
    public void Expect(TableName table, int arity)
    {
        if (ArityOf(table) is null)
        {
            _expectedArity.TryAdd(table, arity);
        }
    }

    /// <summary>Inserts the facts and rules of a text that has been announced.</summary>
    public void Define(string policy, IReadOnlyList<Statement> statements)
    {
        if (!_policies.TryGetValue(policy, out var holder))
        {
            return;
        }

        var rules = holder.Rules.ToBuilder();
        foreach (var statement in statements)
        {
            _target = null;
            switch (statement)
            {
                case Formula { IsFact: true } fact:
                    InsertOrDeleteFact(policy, fact, isInsert: true);
                    break;
                case Formula rule:
                    InsertRule(policy, rule, rules);
                    break;
                case Event change:
                    Report(Diagnostic.Error(DiagnosticCode.NotAFormula, change.Span, $"{change} is a change, not a rule",
                        "insert or delete the rule itself"));
                    break;
            }
        }

        if (rules.Count != holder.Rules.Count)
        {
            _policies[policy] = holder with { Rules = rules.ToImmutable() };
        }
    }

    /// <summary>Deletes the statements of a text; one that is not there changes nothing.</summary>
    public void Delete(string policy, IReadOnlyList<Statement> statements)
    {
        if (RequirePolicy(policy, statements.Count > 0 ? statements[0].Span : default) is null)
        {
            return;
        }

        foreach (var statement in statements)
        {
            _target = null;
            switch (statement)
            {
                case Formula { IsFact: true } fact:
                    InsertOrDeleteFact(policy, fact, isInsert: false);
                    break;
                case Formula rule:
                    DeleteRule(policy, rule);
                    break;
                case Declaration declaration:
                    Undeclare(policy, declaration);
                    break;
                case Event change:
                    Report(Diagnostic.Error(DiagnosticCode.NotAFormula, change.Span, $"{change} is a change, not a rule"));
                    break;
            }
        }
    }

    /// <summary>Inserts or deletes a row of values.</summary>
    /// <returns>Whether that changes the table.</returns>
    public bool Change(TableName table, ReadOnlySpan<Value> row, bool isInsert, SourceSpan span = default)
    {
        if (TargetFor(table, row.Length, span) is not { } target)
        {
            return false;
        }

        Span<int> handles = row.Length <= 64 ? stackalloc int[row.Length] : new int[row.Length];
        return ToHandles(target, row, handles, isInsert, span)
            && (isInsert ? target.Rows.Insert(handles) : target.Rows.Delete(handles))
            && (!target.IsView || IsNoView(table, span));
    }

    /// <summary>Looks up rows that will be changed next among those of a large table, so that memory is asked for all at once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The rows, some dozens of them.</param>
    public void Announce(TableName table, ReadOnlySpan<(Row Row, bool IsInsert)> rows)
    {
        if (_database.FactsOf(table) is not { Count: >= SmallestAnnounced, Arity: <= MostAnnounced } facts)
        {
            return;
        }

        Span<int> cells = stackalloc int[rows.Length * facts.Arity];
        var count = 0;
        foreach (var (row, _) in rows)
        {
            var column = 0;
            for (; column < row.Count && row.Count == facts.Arity && _symbols.TryFind(row[column], out cells[(count * facts.Arity) + column]); column++)
            {
            }

            count += column == facts.Arity ? 1 : 0;
        }

        Span<int> numbers = stackalloc int[count];
        facts.Find(cells[..(count * facts.Arity)], numbers);
    }

    /// <summary>Checks that rows of a width may be given to a table; most rows of a batch go where the one before went.</summary>
    private RowTarget? TargetFor(TableName table, int width, SourceSpan span)
    {
        if (_target is { } last && last.Width == width && last.Table == table && last.Rows.Added.Arity == width)
        {
            return last;
        }

        return _target = IsFit(table, width, span) ? new(table, width, PendingOf(table, width), SchemaOf(table), IsView(table)) : null;
    }

    /// <summary>Inserts all rows of a reader; none when the batch is refused already.</summary>
    /// <returns>The number of new rows.</returns>
    public long InsertAll(TableName table, RowReader reader, SourceSpan span, CancellationToken cancellationToken)
    {
        var block = new RowBlock();
        PendingRows? pending = null;
        long inserted = 0;
        while (!HasErrors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.ReadTo(block);
            if (block.Count == 0 || (pending is null && !IsFit(table, block.Width, span)))
            {
                break;
            }

            pending ??= PendingOf(table, block.Width);
            if (ToHandles(table, block, span))
            {
                pending.Added.Expect(block.Count, reader.RowsAhead);
                var added = pending.InsertAll(block.Cells, block.Count);
                inserted += added;
                _ = added == 0 || IsNoView(table, span);
            }
        }

        return inserted;
    }

    /// <summary>Checks that tables can be: that their policies are there, and that datasources which list their tables list them.</summary>
    public void Require(IEnumerable<TableName> tables)
    {
        foreach (var table in tables)
        {
            if (RequirePolicy(table.Policy, default) is { } policy)
            {
                IsInSchema(table, policy, default);
            }
        }
    }

    private bool IsInSchema(TableName table, ProgramPolicy policy, SourceSpan span)
    {
        var isKnown = !policy.IsComplete || policy.Kind != PolicyKind.Datasource || policy.Tables.ContainsKey(table.Table);
        if (!isKnown)
        {
            Report(Diagnostic.Error(DiagnosticCode.UnknownTable, span, $"{table.Policy} has no table {table.Table}",
                Spelling.Closest(table.Table, policy.Tables.Keys) is { } near ? $"did you mean {near}?" : null));
        }

        return isKnown;
    }

    private bool IsFit(TableName table, int width, SourceSpan span)
    {
        if (RequirePolicy(table.Policy, span) is not { } policy)
        {
            return false;
        }

        if (table.Table.Length == 0 || table.Table.AsSpan().IndexOfAny(NotInNames) >= 0)
        {
            Report(Diagnostic.Error(DiagnosticCode.UnknownTable, span, $"'{table.Table}' is not the name of a table",
                "a row is given by a table's name and values; texts of rules and facts are inserted as rules"));
            return false;
        }

        if (!IsInSchema(table, policy, span))
        {
            return false;
        }

        var arity = ArityOf(table);
        if (width > FormLimits.MaxArity || (arity is not null && arity != width))
        {
            Report(Diagnostic.Error(DiagnosticCode.WrongArity, span, width > FormLimits.MaxArity
                ? $"a row of {table} has {width} columns; at most {FormLimits.MaxArity} are allowed"
                : $"a row of {table} has {arity} columns, not {width}"));
            return false;
        }

        return true;
    }

    /// <summary>Whether rows of a table may be given and taken away: not where a materialized policy computes them already.</summary>
    private bool IsNoView(TableName table, SourceSpan span)
    {
        var isView = IsView(table);
        if (isView)
        {
            Report(Diagnostic.Error(DiagnosticCode.NotPermitted, span,
                $"rules of the materialized policy {table.Policy} compute {table.Table}; its rows are not changed directly",
                "change the tables that it is computed from"));
        }

        return !isView;
    }

    private bool IsView(TableName table) => KindOf(table.Policy) == PolicyKind.Materialized && _old.DefinitionsOf(table).Length > 0;

    private bool ToHandles(RowTarget target, ReadOnlySpan<Value> row, Span<int> handles, bool isInsert, SourceSpan span)
    {
        var schema = target.Schema;
        for (var i = 0; i < row.Length; i++)
        {
            var value = row[i];
            if (schema is not null && !schema.Columns[i].TryFit(row[i], out value))
            {
                Report(Diagnostic.Error(DiagnosticCode.WrongType, span,
                    $"{row[i]} does not fit column {schema.Columns[i]} of {target.Table}"));
                return false;
            }

            if (isInsert)
            {
                handles[i] = _symbols.Intern(value);
            }
            else if (!_symbols.TryFind(value, out handles[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Turns the cells of a block into handles.</summary>
    private bool ToHandles(TableName table, RowBlock block, SourceSpan span)
    {
        var schema = SchemaOf(table);
        var cells = block.Cells.AsSpan(0, block.Count * block.Width);
        var others = HandlesOf(block);
        for (var column = 0; column < block.Width; column++)
        {
            var type = schema?.Columns[column];
            var (takesIntegers, takesTexts) = (type is null or { Type: ColumnType.Any or ColumnType.Int }, type is null or { Type: ColumnType.Any or ColumnType.Text });
            if (takesIntegers && others.Length == 0)
            {
                continue;
            }

            for (var i = column; i < cells.Length; i += block.Width)
            {
                var other = cells[i] - RowBlock.FirstOther;
                if (other < 0 ? takesIntegers : takesTexts && (takesIntegers || block.Others[other].Length >= 0))
                {
                    cells[i] = other < 0 ? cells[i] : others[other];
                    continue;
                }

                var value = block.ValueOf(cells[i]);
                if (!type!.TryFit(value, out var stored))
                {
                    Report(Diagnostic.Error(DiagnosticCode.WrongType, span, $"{value} does not fit column {type} of {table}"));
                    return false;
                }

                cells[i] = _symbols.Intern(stored);
            }
        }

        return true;
    }

    /// <summary>The handles of the values of a block that are no small integers.</summary>
    private int[] HandlesOf(RowBlock block)
    {
        var handles = block.Others.Length == 0 ? [] : new int[block.Others.Length];
        _symbols.Intern(block.Utf8, block.Others, handles);
        for (var i = 0; i < handles.Length; i++)
        {
            if (block.Others[i].Length < 0)
            {
                handles[i] = _symbols.Intern(block.ValueOf(RowBlock.FirstOther + i));
            }
        }

        return handles;
    }

    private void InsertOrDeleteFact(string policy, Formula fact, bool isInsert)
    {
        var findings = new Findings();
        if (FormChecks.IsFact(fact, policy, this, findings))
        {
            var names = new NameResolver(policy, this, findings);
            var table = names.TableOf(fact.Head);
            var columns = names.Arguments(fact.Head, table, t => Operand.Of(((Constant)t).Value), open: null, padPositional: false);
            if (columns is not null)
            {
                var wasDefined = IsDefined(table);
                var row = Array.ConvertAll(columns, c => c.Constant);
                if (Change(table, row, isInsert, fact.Span) && isInsert && fact.Place.Line > 0 && _places.Count < FactPlaces.MaxPlaces)
                {
                    _places.Add((table, new(row), fact.Place));
                }

                NoteDefinition(table, wasDefined);
            }
        }

        // What cannot be there is not there, and to delete what is not there is permitted.
        foreach (var diagnostic in findings.Diagnostics)
        {
            Report(isInsert ? diagnostic : diagnostic with { Severity = DiagnosticSeverity.Warning });
        }
    }

    /// <summary>Where rows go.</summary>
    private sealed record RowTarget(TableName Table, int Width, PendingRows Rows, TableSchema? Schema, bool IsView);
}
