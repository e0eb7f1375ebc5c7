namespace Congress.Tests.Datasources.Translation;

/// <summary>The ids are those that Python gives; the expected ones were computed by Python 3.11.</summary>
public sealed class RowIdTests
{
    [Theory]
    [InlineData("""[null,true,false,1,-1,0.5,"a"]""", "6270cf1e966df7d8f793f5ac33a4f5c4")]
    [InlineData("""["b","a","B","é","日本","😀","\u0000\u007f\u00a0\u200b\ue000"]""", "2a5a8176b23725ecbf13ce4d69540f7b")]
    [InlineData("""["it's","say \"x\"","both ' and \"","back\\slash","tab\tnl\ncr\rff\fbs\b"]""", "d1f7720c0f9b30b8332e2281673cfda4")]
    [InlineData("[1.0,1e15,1e16,123456789012345680.0,1e23,1e-4,1e-5,1.5e300,-2.5e-10,0.1,100.0,5e-324,1.7976931348623157e308,12345.678]", "2bb3f909266d3d2a708072ea35599d9a")]
    [InlineData("""[10,9,100,-5,"10","9"]""", "f0d5a07d461780c9f2ee1f4a764f272e")]
    [InlineData("""["\uffff","\ud83d\ude00","z"]""", "f8048ff060860c5bfc3ccb16d1878f72")]
    public void A_list_has_the_id_that_Python_computes(string json, string id) => Assert.All(
        Translated.Rows($$"""{"translation-type": "LIST", "table-name": "t", "id-col": "id", "val-col": "v", "translator": {{Translated.Value}}}""", json),
        row => Assert.StartsWith($"t(\"{id}\", ", row, StringComparison.Ordinal));

    [Fact]
    public void A_map_has_the_id_of_its_pairs() => Assert.All(
        Translated.Rows(Map(Translated.Value), """{"a": null, "b": 1.5, "c": true}"""),
        row => Assert.StartsWith("t(\"b1dcc85da03cbf7736a7a9b59446ccf5\", ", row, StringComparison.Ordinal));

    [Fact]
    public void A_map_of_tables_without_ids_has_the_id_of_its_keys()
    {
        var rows = Translated.Rows(Map("""{"translation-type": "LIST", "table-name": "u", "val-col": "v", "translator": {"translation-type": "VALUE"}, "parent-key": "k"}"""),
            """{"a": [1], "b'": [2]}""");
        Assert.Equal(["t(\"63eb583fefb184f55c710f6c01e16cd4\", \"a\")", "t(\"63eb583fefb184f55c710f6c01e16cd4\", \"b'\")", "u(\"a\", 1)", "u(\"b'\", 2)"], rows);
    }

    [Fact]
    public void The_order_of_what_a_row_holds_does_not_matter_to_its_id() => Assert.Equal(
        Translated.Rows(Map(Translated.Value), """{"a": 1, "b": 2}"""), Translated.Rows(Map(Translated.Value), """{"b": 2, "a": 1}"""));

    private static string Map(string translator) =>
        $$"""{"translation-type": "VDICT", "table-name": "t", "id-col": "id", "key-col": "k", "val-col": "v", "translator": {{translator}}}""";
}
