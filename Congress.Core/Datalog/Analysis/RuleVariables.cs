using Congress.Datalog.Syntax;

namespace Congress.Datalog.Analysis;

/// <summary>Gives the variables of one rule their slots.</summary>
/// <param name="keepAnonymous">Whether an anonymous variable gets a slot, as an aggregate counts its bindings.</param>
internal sealed class RuleVariables(bool keepAnonymous)
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public string[] Names => [.. _names];

    /// <summary>Whether a literal so far has used the variable.</summary>
    public bool Has(Variable variable) => _slots.ContainsKey(variable.Name);

    /// <summary>The operand for a term of a literal.</summary>
    public Operand Operand(Term term) => term switch
    {
        Constant constant => Analysis.Operand.Of(constant.Value),
        Variable { IsAnonymous: false } variable => Analysis.Operand.Variable(SlotOf(variable.Name)),
        _ => Analysis.Operand.Anything,
    };

    /// <summary>The operand for a term whose anonymous variable still is one: a positive literal of an aggregate's body,
    /// or a place where it can never be bound.</summary>
    public Operand Keep(Term term) => Operand(term) is var operand && operand.IsAnything ? Fresh() : operand;

    /// <summary>The operand for a column that a positive literal leaves open.</summary>
    public Operand Open() => keepAnonymous ? Fresh() : Analysis.Operand.Anything;

    /// <summary>The operand for a term of a positive literal.</summary>
    public Operand Positive(Term term) => keepAnonymous ? Keep(term) : Operand(term);

    /// <summary>The slot of a variable, made on first use.</summary>
    public int SlotOf(string name)
    {
        if (!_slots.TryGetValue(name, out var slot))
        {
            slot = _slots[name] = _names.Count;
            _names.Add(name);
        }

        return slot;
    }

    private Operand Fresh()
    {
        _names.Add(Variable.Anonymous);
        return Analysis.Operand.Variable(_names.Count - 1);
    }
}
