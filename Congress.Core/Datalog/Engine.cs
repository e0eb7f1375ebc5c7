using System.Collections;
using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Answers;
using Congress.Datalog.Builtins;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Maintenance;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;
using Congress.Diagnostics;

namespace Congress.Datalog;

/// <summary>Holds all rules of all policies as one program, with its rows and what follows from them, and changes them version by version.</summary>
/// <remarks>
/// Synchronous; without locks, clock or I/O. Its shell sees to it that one thread at a time proposes changes that it
/// commits, and that nobody reads while <see cref="Commit"/> or <see cref="Reclaim"/> runs. Any number of threads may read,
/// and propose what-ifs, beside one that works out a change.
/// </remarks>
internal sealed class Engine(BuiltinRegistry builtins, EvaluationLimits limits)
{
    private const int ReclaimAbove = 1 << 16;

    private readonly EngineState _state = new();
    private readonly FactPlaces _places = new();
    private ImmutableDictionary<TableName, int> _wanted = ImmutableDictionary<TableName, int>.Empty;
    private readonly List<WeakReference<TableReader>> _readers = [];
    private long _order;
    private int _symbolsLeft;   // after the last reclamation

    public EvaluationLimits Limits => limits;

    public PlanCache Plans { get; } = new();

    /// <summary>The program as it is.</summary>
    public PolicyProgram Program => _state.Program;

    /// <summary>The number of changes that have been committed.</summary>
    public long Version => _state.Version;

    /// <summary>The number of distinct values that are interned.</summary>
    public int Symbols => _state.Database.Symbols.Count;

    /// <summary>How many rows must change before a table is computed anew instead of updated.</summary>
    public int LargeChange { get; init; } = 1000;

    /// <summary>Whether tables that are kept up to date depend on the time, and it is another second than theirs.</summary>
    public bool IsBehind(DateTimeOffset now) => HasClock && !IsSameSecond(now);

    /// <summary>Whether tables that are kept up to date depend on the time.</summary>
    public bool HasClock => Program.ClockRules.Count > 0 && Program.ClockRules.Any(r => _state.Database.DerivedOf(r.Head) is not null);

    /// <summary>Works out a change of rows and rules, without making it.</summary>
    /// <param name="change">Tells the transaction what to change.</param>
    /// <param name="request">The evaluation.</param>
    public Proposal Propose(Action<Transaction> change, EvaluationRequest request) => Propose(Begin(isWriter: true), change, request, [], false, isWriter: true);

    /// <summary>Works out a what-if, in a view of its own.</summary>
    /// <param name="transaction">The changes that are supposed so far; see <see cref="Suppose"/>.</param>
    /// <param name="request">The evaluation.</param>
    public Proposal ProposeWhatIf(Transaction transaction, EvaluationRequest request) => Propose(transaction, _ => { }, request, [], false, isWriter: false);

    /// <summary>Begins a what-if.</summary>
    public Transaction Suppose() => Begin(isWriter: false);

    /// <summary>Works out what must be computed to keep tables up to date from now on.</summary>
    public Proposal ProposeDemand(IReadOnlyList<TableName> tables, EvaluationRequest request)
    {
        foreach (var table in tables)
        {
            _wanted = _wanted.SetItem(table, _wanted.GetValueOrDefault(table) + 1);
        }

        Proposal? proposal = null;
        try
        {
            return proposal = Propose(Begin(isWriter: true), t => t.Require(tables), request, tables, false, isWriter: true);
        }
        finally
        {
            if (proposal is not { IsPermitted: true })
            {
                Forget(tables);
            }
        }
    }

    /// <summary>Works out which tables need no longer be kept up to date.</summary>
    public Proposal ProposeRelease(IReadOnlyList<TableName> tables, EvaluationRequest request)
    {
        Forget(tables);
        return Propose(Begin(isWriter: true), _ => { }, request with { Now = _state.Now }, [], true, isWriter: true);   // so nothing changes that somebody is to be told of
    }

    /// <summary>Makes a change.</summary>
    public void Commit(Proposal proposal)
    {
        foreach (var table in _places.Tables)
        {
            _places.Remove(table, proposal.RowsOf(table, isInserted: false));   // the values are read before their handles may go
        }

        proposal.Change!.CommitTo(_state);
        _places.Add(proposal.Transaction.Places);
        _order = proposal.Order;
    }

    /// <summary>Where a fact stands that a text has given; null when that is not known.</summary>
    public SourceSpan? PlaceOf(TableName table, Row row) => _places.Of(table, row);

    /// <summary>The version as it is.</summary>
    public View Read(EvaluationRequest request)
    {
        request = HasClock ? request with { Now = _state.Now } : request;   // what is kept and what is not see one time
        var symbols = new SymbolScope(_state.Database.Symbols, isPrivate: true);
        return new(this, new(_state.Program, _state.Database, symbols, builtins, _order), new(_state.Database, null, isWriter: false, _state.Wish), symbols, request);
    }

    /// <summary>Answers a question that was prepared.</summary>
    /// <param name="question">The question.</param>
    /// <param name="values">The values of its given variables.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <returns>The answers; null when the question needs a view, as rules have changed or a table must be worked out.</returns>
    public Row[]? TryAnswer(PreparedQuestion question, ReadOnlySpan<Value> values, CancellationToken cancellationToken)
    {
        if (DirectOf(question) is not { } direct)
        {
            return null;
        }

        if (direct.Lookup is { } lookup && lookup.TryAnswer(_state.Database, values, out var found))
        {
            return found;
        }

        var answers = Run(direct.Rule, values, PlanKind.Answers, out var symbols, cancellationToken);
        var rows = new Row[answers.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = symbols.RowOf(answers[i]);
        }

        return rows;
    }

    /// <summary>Tells whether a question that was prepared has an answer.</summary>
    /// <inheritdoc cref="TryAnswer"/>
    public bool? HasAnswer(PreparedQuestion question, ReadOnlySpan<Value> values, CancellationToken cancellationToken) => DirectOf(question) is not { } direct ? null
        : direct.Lookup is { } lookup && lookup.TryAny(_state.Database, values, out var isAny) ? isAny
        : Run(direct.Rule, values, PlanKind.AnyAnswer, out _, cancellationToken).Count > 0;

    /// <summary>The version that a proposal would make.</summary>
    public View Read(Proposal proposal, EvaluationRequest request) =>
        new(this, proposal.Transaction, proposal.Tables!, proposal.Transaction.Symbols, request);

    /// <summary>Evaluates all rules anew, for itself, and tells how that was done.</summary>
    /// <param name="request">The evaluation, with a clock.</param>
    /// <param name="elapsed">The time that a number of the clock's ticks is.</param>
    public PlanReport Profile(EvaluationRequest request, Func<long, TimeSpan> elapsed)
    {
        var reporter = new PlanReporter(Program);
        var view = Read(request with { OnExecuted = reporter.Add });
        view.EvaluateAnew();
        return reporter.Report(elapsed, table => view.RowsOf(table).Count);
    }

    /// <summary>Reads a copy of a table's rows. Their values are not reclaimed while it goes on.</summary>
    public RowReader Read(TableName table, View view)
    {
        var reader = new TableReader(view.Symbols, view.RowsOf(table));
        lock (_readers)
        {
            _readers.RemoveAll(r => !r.TryGetTarget(out var open) || open.IsDone);
            _readers.Add(new(reader));
        }

        return reader;
    }

    /// <summary>Whether readers have missed indexes.</summary>
    public bool HasWishes => _state.HasWishes;

    /// <summary>Makes the indexes that readers have missed, beside those that read.</summary>
    public void GrantWishes() => _state.GrantWishes();

    /// <summary>Finds the values that no row holds any more, when there may be many.</summary>
    /// <returns>What <see cref="Reclaim"/> needs; null when it is not worth it.</returns>
    /// <remarks>For the writer only.</remarks>
    public BitArray? FindUnused()
    {
        if (Symbols < ReclaimAbove || Symbols < 2L * _symbolsLeft)
        {
            return null;
        }

        var marked = new BitArray(_state.Database.Symbols.Numbers);
        foreach (var relation in _state.Database.Relations.Concat(_state.Groups.Values.Select(g => g.Keys)))
        {
            Mark(relation.Cells.AsSpan(0, relation.Count * relation.Arity), marked);
        }

        foreach (var handle in _state.Groups.Values.SelectMany(g => g.Handles))
        {
            Mark([handle], marked);
        }

        if (CountOf(marked) * 4L < Symbols * 3L)
        {
            return marked;
        }

        _symbolsLeft = Symbols;   // so much is in use that looking again pays when there are twice as many
        return null;
    }

    /// <summary>Forgets the values that no row holds, nor any that an open reader has yet to give.</summary>
    public void Reclaim(BitArray inUse)
    {
        lock (_readers)
        {
            foreach (var open in _readers)
            {
                if (open.TryGetTarget(out var reader))
                {
                    Mark(reader.Handles, inUse);
                }
            }
        }

        _state.Database.Symbols.Reclaim(inUse);
        _symbolsLeft = Symbols;
    }

    private static int CountOf(BitArray marked)
    {
        var words = new int[(marked.Length + 31) / 32];
        marked.CopyTo(words, 0);
        return words.Sum(word => System.Numerics.BitOperations.PopCount((uint)word));
    }

    private static void Mark(ReadOnlySpan<int> handles, BitArray marked)
    {
        foreach (var handle in handles)
        {
            // A reader may hold symbols of its own, whose numbers are beyond all shared ones.
            if (SymbolTable.NumberOf(handle) is var number and >= 0 && number < marked.Length)
            {
                marked[number] = true;
            }
        }
    }

    private DirectQuestion? DirectOf(PreparedQuestion question) => HasClock ? null : question.Direct(_state.Program, _state.Database);

    private Relation Run(Rule rule, ReadOnlySpan<Value> values, PlanKind kind, out SymbolScope symbols, CancellationToken cancellationToken)
    {
        symbols = new(_state.Database.Symbols, isPrivate: true);
        var given = new Relation(values.Length);
        Span<int> handles = stackalloc int[values.Length];
        for (var i = 0; i < handles.Length; i++)
        {
            handles[i] = symbols.Intern(values[i]);
        }

        given.Add(handles);
        var answers = new Relation(kind == PlanKind.AnyAnswer ? 0 : rule.Terms.Length);
        Plans.Run(rule, kind, values.Length, 1, answers, new(symbols, default, limits, cancellationToken), new(_state.Database, null, isWriter: false, _state.Wish) { Candidates = given });
        return answers;
    }

    private Transaction Begin(bool isWriter) =>
        new(_state.Program, _state.Database, new(_state.Database.Symbols, isPrivate: !isWriter), builtins, _order);

    private Proposal Propose(
        Transaction transaction, Action<Transaction> change, EvaluationRequest request, IReadOnlyList<TableName> wanted, bool isReleased, bool isWriter)
    {
        change(transaction);
        transaction.Complete();
        if (transaction.HasErrors)
        {
            return new(transaction, null, null);
        }

        // A what-if keeps the time of the version that it starts from.
        var now = isWriter || _state.Version == 0 ? request.Now : _state.Now;
        var context = new EvaluationContext(transaction.Symbols, now, limits, request.CancellationToken);
        var next = transaction.Program;
        var work = new MaintenanceRequest(next, transaction.RowChanges(), transaction.AddedRules, transaction.RemovedRules, table => IsWanted(table, next))
        {
            NewlyWanted = wanted,
            IsDemandDropped = isReleased,
            IsWriter = isWriter,
            LargeChange = LargeChange,
        };
        if (next.ClockRules.Count > 0 && !IsSameSecond(now))
        {
            work = work with { ClockRules = next.ClockRules.Where(r => _state.Database.DerivedOf(r.Head) is not null).ToHashSet() };
        }

        var (found, tables) = Maintainer.Run(_state, work, context, Plans);
        return new(transaction, found, tables);
    }

    /// <summary>Whether somebody depends on a table: a user of the engine, or whoever looks for violations and actions.</summary>
    private bool IsWanted(TableName table, PolicyProgram program) => _wanted.ContainsKey(table)
        || ((table.IsAction || table.Table is "error" or "warning") && program.IsJudging(table.Policy));

    private void Forget(IEnumerable<TableName> tables)
    {
        foreach (var table in tables)
        {
            _wanted = _wanted[table] == 1 ? _wanted.Remove(table) : _wanted.SetItem(table, _wanted[table] - 1);
        }
    }

    /// <summary>The builtin <c>now</c> gives whole seconds, and the offset from UTC.</summary>
    private bool IsSameSecond(DateTimeOffset now) =>
        now.Offset == _state.Now.Offset && now.UtcTicks / TimeSpan.TicksPerSecond == _state.Now.UtcTicks / TimeSpan.TicksPerSecond;
}
