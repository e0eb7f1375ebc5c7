using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Analysis;

/// <summary>A column of a head: an operand, or an aggregate over the bindings of one.</summary>
internal readonly record struct HeadTerm(Operand Operand, AggregateFunction? Function = null, bool Distinct = false);

/// <summary>A rule that has been checked: names resolved, columns in place, body in an order that is safe.</summary>
/// <param name="Formula">The rule as it was written.</param>
/// <param name="Policy">The policy that holds it.</param>
/// <param name="Head">The table it derives.</param>
/// <param name="Terms">The columns of the head.</param>
/// <param name="Body">The conditions; evaluated left to right, each finds bound what it needs.</param>
/// <param name="Variables">The names of the variables by slot; anonymous ones, which only aggregates keep, are <c>_</c>.</param>
internal sealed record Rule(
    Formula Formula, string Policy, TableName Head, HeadTerm[] Terms, BodyLiteral[] Body, string[] Variables)
{
    public bool IsAggregate => Array.Exists(Terms, t => t.Function is not null);

    public IEnumerable<TableLiteral> Tables => Body.OfType<TableLiteral>();

    public bool ReadsClock => Body.OfType<BuiltinLiteral>().Any(b => b.Builtin.ReadsClock);

    /// <summary>Whether a builtin of the body can give values that were in no table.</summary>
    public bool MakesValues => Body.OfType<BuiltinLiteral>().Any(b => b.MakesValues);

    /// <summary>Whether the body gives no binding of its variables twice: nothing is left open, and no builtin gives results.</summary>
    public bool GivesDistinctBindings => Array.TrueForAll(Body, l => l is ComparisonLiteral or TruthLiteral or TableLiteral { Negated: true } or BuiltinLiteral { Negated: true }
        || (l is TableLiteral table && !Array.Exists(table.Arguments, a => a.IsAnything)));

    /// <summary>Whether no two bindings of the body, or no two groups, give the same row.</summary>
    public bool GivesDistinctRows => IsAggregate || (GivesDistinctBindings
        && Enumerable.Range(0, Variables.Length).All(slot => Array.Exists(Terms, t => t.Operand.IsVariable && t.Operand.Slot == slot)));

    /// <summary>The rule's own name, or the place where it stands.</summary>
    public string Name => Formula.Annotations.Id ?? $"{Policy}:{Formula.Place.Line}";

    /// <summary>Whether another checked form of the same rule has the same meaning, as when only schemas of other tables have changed.</summary>
    public bool MeansAs(Rule other) => Policy == other.Policy && Head == other.Head && Terms.AsSpan().SequenceEqual(other.Terms)
        && Body.Length == other.Body.Length && Body.Zip(other.Body).All(pair => pair.First.MeansAs(pair.Second))
        && Variables.AsSpan().SequenceEqual(other.Variables) && Formula == other.Formula;

    public bool Equals(Rule? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override string ToString() => Formula.ToString();
}
