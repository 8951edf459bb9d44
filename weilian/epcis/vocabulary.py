"""The words of the Core Business Vocabulary 2.0 and of the GS1 Web Vocabulary that events use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The standard words for one field, and the prefix that makes each a Web URI."""

    name: str
    prefix: str
    words: frozenset[str]


def _vocabulary(name: str, prefix: str, words: str) -> Vocabulary:
    return Vocabulary(name, prefix, frozenset(words.split()))


BIZ_STEP = _vocabulary(
    "business step",
    "cbv:BizStep-",
    """
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking
    receiving removing repackaging repairing replacing reserving retail_selling shipping
    staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping sensor_reporting sampling
    """,
)
DISPOSITION = _vocabulary(
    "disposition",
    "cbv:Disp-",
    """
    active container_closed damaged destroyed dispensed disposed encoded expired in_progress
    in_transit inactive no_pedigree_match non_sellable_other partially_dispensed recalled
    reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unknown
    available completeness_verified completeness_inferred conformant container_open
    mismatch_instance mismatch_class mismatch_quantity needs_replacement non_conformant
    unavailable
    """,
)
TRANSACTION_TYPE = _vocabulary(
    "business transaction type",
    "cbv:BTT-",
    """
    bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt
    """,
)
PARTY_TYPE = _vocabulary(
    "source or destination type",
    "cbv:SDT-",
    """
    owning_party possessing_party location
    """,
)
ERROR_REASON = _vocabulary(
    "error reason",
    "cbv:ER-",
    """
    did_not_occur incorrect_data
    """,
)
COMPONENT = _vocabulary(
    "component",
    "cbv:Comp-",
    """
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting
    northing latitude longitude altitude
    """,
)
MEASUREMENT = _vocabulary(
    "measurement type",
    "gs1:",
    """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude
    AmountOfSubstance AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum
    AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless
    DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent
    ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency Illuminance
    Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux
    LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass
    MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy
    MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity
    Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension
    Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux
    Wavenumber
    """,
)
SENSOR_ALERT = _vocabulary(
    "sensor alert type",
    "gs1:",
    """
    ALARM_CONDITION ERROR_CONDITION
    """,
)

CBV_URN = "urn:epcglobal:cbv:"
URN_PREFIXES = {
    f"{CBV_URN}{kind}:": f"https://ref.gs1.org/cbv/{prefix}-"
    for kind, prefix in (
        ("bizstep", "BizStep"),
        ("disp", "Disp"),
        ("btt", "BTT"),
        ("sdt", "SDT"),
        ("er", "ER"),
    )
}
"""CBV 1.x URN prefixes and the Web URI prefixes that stand for them in CBV 2.0."""
