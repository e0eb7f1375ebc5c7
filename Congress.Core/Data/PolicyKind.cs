namespace Congress.Data;

/// <summary>What a policy may hold, and how its rules may depend on each other.</summary>
public enum PolicyKind
{
    /// <summary>Facts and rules without recursion; the kind of a policy unless another is named.</summary>
    Nonrecursive,

    /// <summary>Facts and rules with stratified recursion.</summary>
    Recursive,

    /// <summary>The same as <see cref="Recursive"/>, under the name that OpenStack Congress has for it.</summary>
    Z3,

    /// <summary>Descriptions of actions: the changes that follow from each. A head may leave variables open.</summary>
    Action,

    /// <summary>Facts only.</summary>
    Database,

    /// <summary>As <see cref="Nonrecursive"/>; but rows of a table that its rules compute are not changed directly.</summary>
    Materialized,

    /// <summary>The tables of a datasource: rows only, with a schema that names the columns.</summary>
    Datasource,
}
