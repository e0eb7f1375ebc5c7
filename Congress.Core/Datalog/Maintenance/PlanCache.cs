using System.Runtime.CompilerServices;
using Congress.Datalog.Analysis;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Planning;
using Congress.Datalog.Storage;

namespace Congress.Datalog.Maintenance;

/// <summary>What a plan of a rule is for.</summary>
internal enum PlanKind
{
    /// <summary>All that the rule derives after the change.</summary>
    Whole,

    /// <summary>All that it derived before the change.</summary>
    WholeBefore,

    /// <summary>What it derives with inserted rows of one literal.</summary>
    Inserted,

    /// <summary>What it derived with deleted rows of one literal.</summary>
    Deleted,

    /// <summary>Which candidates it derives.</summary>
    Check,

    /// <summary>Which candidates it derives from lower rows of its component.</summary>
    Support,

    /// <summary>All its bindings that give candidates.</summary>
    Bindings,

    /// <summary>What it derives with values that are given for its first variables.</summary>
    Answers,

    /// <summary>Whether it derives something with them.</summary>
    AnyAnswer,
}

/// <summary>The plans that changes need, made once for each rule and kept as long as the rule, with the pipelines that run them.</summary>
/// <remarks>Thread safe. A plan is made again when the tables have become much larger or smaller than when it was made.</remarks>
internal sealed class PlanCache
{
    private const int PipelinesPerPlan = 2;   // the writer and one what-if; more are made and dropped
    private const int LargeInput = 256;
    private const int UsesBetweenLooks = 64;
    private const double MuchLarger = 8;

    private readonly ConditionalWeakTable<Rule, Dictionary<(PlanKind, int), Entry>> _rules = [];

    /// <summary>Runs a plan and adds what comes out to a relation.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="kind">What the plan is for.</param>
    /// <param name="position">The literal that reads a change, or the number of variables that are given; 0 where there is none.</param>
    /// <param name="inputs">How many rows the first step reads.</param>
    /// <param name="target">The relation.</param>
    /// <param name="context">The evaluation.</param>
    /// <param name="tables">Its tables.</param>
    public void Run(Rule rule, PlanKind kind, int position, int inputs, Relation target, EvaluationContext context, Tables tables)
    {
        var plans = _rules.GetOrCreateValue(rule);
        Entry? entry;
        Pipeline? pipeline = null;
        lock (plans)
        {
            if (!plans.TryGetValue((kind, position), out entry) || (++entry.Uses % UsesBetweenLooks == 0 && IsStale(entry, rule, tables)))
            {
                entry = plans[(kind, position)] = new(Make(rule, kind, position, tables), RowsOf(rule, tables));
            }

            if (inputs <= LargeInput)
            {
                entry.Idle.TryPop(out pipeline);
            }
        }

        pipeline ??= new(entry.Plan, inputs <= LargeInput ? Block.SmallRun : Block.LargeRun);
        pipeline.Expect(inputs);
        pipeline.Run(target, context, tables);
        if (inputs <= LargeInput)
        {
            lock (plans)
            {
                if (entry.Idle.Count < PipelinesPerPlan)
                {
                    entry.Idle.Push(pipeline);
                }
            }
        }
    }

    private static Plan Make(Rule rule, PlanKind kind, int position, Tables tables)
    {
        var planner = new Planner(new TableStatistics(tables.LargestPartOf));
        return kind switch
        {
            PlanKind.Whole => planner.ForHead(rule),
            PlanKind.WholeBefore => planner.ForHead(rule, RowRange.Before),
            PlanKind.Inserted => planner.ForInserted(rule, position),
            PlanKind.Deleted => planner.ForDeleted(rule, position),
            PlanKind.Check => planner.ForCheck(rule, RowRange.All),
            PlanKind.Support => planner.ForCheck(rule, RowRange.Lower),
            PlanKind.Bindings => planner.ForCandidates(rule),
            PlanKind.Answers => planner.ForAnswers(rule, position),
            PlanKind.AnyAnswer => planner.ForAnyAnswer(rule, position),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static bool IsStale(Entry entry, Rule rule, Tables tables) =>
        RowsOf(rule, tables) is var rows && (rows > entry.Rows * MuchLarger || rows * MuchLarger < entry.Rows);

    private static double RowsOf(Rule rule, Tables tables) => rule.Tables.Sum(t => (double)(tables.LargestPartOf(t.Table)?.Count ?? 0)) + 1;

    private sealed class Entry(Plan plan, double rows)
    {
        public Plan Plan => plan;

        /// <summary>The rows of the rule's tables when the plan was made.</summary>
        public double Rows => rows;

        public Stack<Pipeline> Idle { get; } = new();

        public int Uses { get; set; }
    }
}
