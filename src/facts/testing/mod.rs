//! A tidy estate with its evidence, and ways to spoil it, for the tests of every room above.

#[cfg(test)]
pub(crate) mod certificates;
#[cfg(test)]
pub(crate) mod estate;
#[cfg(test)]
pub(crate) mod finops;
#[cfg(test)]
pub(crate) mod foreign;
#[cfg(test)]
pub(crate) mod privileges;
#[cfg(test)]
pub(crate) mod spoil;
#[cfg(test)]
pub(crate) mod tenant;
#[cfg(test)]
pub(crate) mod tidy;
