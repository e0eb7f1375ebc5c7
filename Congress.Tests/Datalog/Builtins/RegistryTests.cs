using Congress.Datalog.Builtins;

namespace Congress.Tests.Datalog.Builtins;

public class RegistryTests
{
    private static readonly string[] OfCongress =
    [
        "lt", "lteq", "gt", "gteq", "equal", "max", "plus", "minus", "mul", "div", "float", "int", "concat", "len", "now",
        "unpack_date", "unpack_time", "unpack_datetime", "pack_time", "pack_date", "pack_datetime", "extract_date",
        "extract_time", "datetime_to_seconds", "datetime_plus", "datetime_minus", "datetime_lt", "datetime_lteq",
        "datetime_gt", "datetime_gteq", "datetime_equal", "ips_equal", "ips_lt", "ips_lteq", "ips_gt", "ips_gteq",
        "networks_equal", "networks_overlap", "ip_in_network", "validate_int", "validate_float", "validate_string",
    ];

    [Fact]
    public void The_names_of_OpenStack_Congress_and_no_others_are_reserved() =>
        Assert.Equal(
            OfCongress.Order(StringComparer.Ordinal),
            BuiltinRegistry.Standard.All.Where(b => b.IsReserved).Select(b => b.Name),
            StringComparer.Ordinal);

    [Theory]
    [InlineData("lt", 2, 0)]
    [InlineData("now", 0, 1)]
    [InlineData("max", 2, 1)]
    [InlineData("float", 1, 1)]
    [InlineData("unpack_date", 1, 3)]
    [InlineData("unpack_datetime", 1, 6)]
    [InlineData("pack_time", 3, 1)]
    [InlineData("pack_datetime", 6, 1)]
    [InlineData("ip_in_network", 2, 0)]
    [InlineData("validate_int", 3, 1)]
    [InlineData("validate_string", 5, 1)]
    [InlineData("split", 2, 2)]
    [InlineData("substring", 3, 1)]
    [InlineData("bnot", 1, 1)]
    public void A_builtin_has_the_columns_of_its_signature(string name, int inputs, int outputs)
    {
        Assert.True(BuiltinRegistry.Standard.TryGet(name, out var builtin));
        Assert.Equal(inputs, builtin.Inputs);
        Assert.Equal(outputs, builtin.Outputs);
    }

    [Fact]
    public void Each_builtin_says_what_it_is()
    {
        Assert.All(BuiltinRegistry.Standard.All, b =>
        {
            Assert.NotEmpty(b.Summary);
            Assert.NotEqual("custom", b.Category, StringComparer.Ordinal);
            Assert.StartsWith(b.Name + "(", b.Signature, StringComparison.Ordinal);
            Assert.Equal(b.Arity, b.Signature.Count(c => c == ',') + 1);
        });
    }

    [Fact]
    public void Only_now_reads_the_clock() =>
        Assert.Equal("now", Assert.Single(BuiltinRegistry.Standard.All, b => b.ReadsClock).Name);

    [Fact]
    public void A_registry_with_more_leaves_the_old_one_alone()
    {
        var more = BuiltinRegistry.Standard.With(Double, Builtin.Test("is_odd", 1, x => x[0].AsInteger() % 2 != 0));
        Assert.True(more.TryGet("double", out var found));
        Assert.Same(Double, found);
        Assert.False(BuiltinRegistry.Standard.TryGet("double", out _));
        Assert.Equal(BuiltinRegistry.Standard.All.Length + 2, more.All.Length);
        Assert.Equal(more.All.Select(b => b.Name).Order(StringComparer.Ordinal), more.All.Select(b => b.Name), StringComparer.Ordinal);
    }

    [Fact]
    public void A_builtin_of_a_user_has_a_signature_too() =>
        Assert.Equal("custom: double(in1, out1)", $"{Double.Category}: {Double.Signature}");

    [Fact]
    public void A_name_can_be_given_once()
    {
        var error = Assert.Throws<ArgumentException>(() => BuiltinRegistry.Standard.With(Builtin.Test("plus", 1, _ => true)));
        Assert.StartsWith("There is already a builtin named 'plus'.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BuiltinRegistry.Standard.With(Double, Double));
    }

    [Theory]
    [InlineData("a-b")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("builtin:a")]
    [InlineData("é")]
    public void A_name_is_an_identifier(string name) =>
        Assert.Throws<ArgumentException>(() => BuiltinRegistry.Standard.With(Builtin.Test(name, 1, _ => true)));

    [Theory]
    [InlineData("pluss", "plus")]
    [InlineData("Plus", "plus")]
    [InlineData("concta", "concat")]
    [InlineData("date_time_lt", "datetime_lt")]
    [InlineData("network_overlap", "networks_overlap")]
    [InlineData("servers", null)]
    [InlineData("p", null)]
    public void The_closest_name_is_near_or_none(string name, string? closest) =>
        Assert.Equal(closest, BuiltinRegistry.Standard.Closest(name));

    private static Builtin Double { get; } = Builtin.Function("double", 1, x => x[0].AsInteger() * 2);
}
